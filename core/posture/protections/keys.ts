import { row, type ProtectionRow } from './row'

/** What keeps data readable for us, and only for us. */
export const KEYS: readonly ProtectionRow[] = [
  row('AWS::KMS::Key', 'EnableKeyRotation', 'encryption', 'no-less', 'rotation of the key'),
  row('AWS::KMS::Key', 'PendingWindowInDays', 'encryption', 'no-less', 'days in which a deletion can be stopped', 30),
  row('AWS::KMS::Key', 'Enabled', 'encryption', 'no-less', 'use of the key', true),
  row('AWS::KMS::Key', 'KeyPolicy', 'access', 'same-grants', 'who may use the key'),
  row('AWS::SecretsManager::Secret', 'KmsKeyId', 'encryption', 'unchanged', 'key of the secret'),
  row('AWS::SecretsManager::Secret', 'ReplicaRegions', 'copy', 'no-fewer-entries', 'regions that hold the secret'),
  row('AWS::SecretsManager::RotationSchedule', 'RotationRules', 'encryption', 'unchanged', 'rotation of the secret'),
  row('AWS::KMS::Key', 'KeyUsage', 'encryption', 'unchanged', 'what the key is for'),
  row('AWS::KMS::Key', 'KeySpec', 'encryption', 'unchanged', 'strength of the key'),
  row('AWS::KMS::Alias', 'TargetKeyId', 'encryption', 'unchanged', 'key behind a name'),
  row(
    'AWS::SecretsManager::Secret',
    'GenerateSecretString.PasswordLength',
    'access',
    'no-less',
    'length of a password',
  ),
  row('AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy', 'access', 'no-new-grants', 'who may use the secret'),
]

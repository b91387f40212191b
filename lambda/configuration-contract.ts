import { VARIABLE } from '../adapters/aws/environment'
import { OWN_EVIDENCE, type FunctionContract } from './contract'

/** What a function needs to read the configuration of its region and to write copies into both. */
export const CONFIGURATION: Pick<FunctionContract, 'environment' | 'permissions'> = {
  environment: [
    VARIABLE.configurationKey,
    VARIABLE.configurationSecrets,
    VARIABLE.configurationBuckets,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    {
      actions: ['s3:PutObject'],
      on: 'configuration-objects',
      reason: 'each version has a key of its own; changing or deleting one is denied to everybody',
    },
    // Of settings that are sealed, and for what is written here.
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'own-configuration-key' },
    {
      actions: ['kms:GenerateDataKey'],
      on: 'other-configuration-keys',
      reason: 'the key of the other region has a random id, so its alias stands in a condition',
    },
    ...OWN_EVIDENCE.permissions,
  ],
}

import { Match } from 'aws-cdk-lib/assertions'
import { IRREVERSIBLE } from '../../../core/policy/irreversible'
import { LockedVault, type LockedVaultProps } from '../../../lib/constructs/locked-vault'
import { importedKey, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const DEPLOYMENT = 'arn:aws:iam::111122223333:role/deployment'
const BREAK_GLASS = 'arn:aws:iam::111122223333:role/break-glass'
const synth = (overrides: Partial<LockedVaultProps> = {}) =>
  synthOne(
    (scope) =>
      new LockedVault(scope, 'Vault', {
        vaultName: 'vault',
        key: importedKey(scope),
        lock: { mode: 'governance', minRetentionDays: 1, maxRetentionDays: 35 },
        access: { deploymentRoleArn: DEPLOYMENT },
        retentionDays: [35],
        ...overrides,
      }),
  )
const compliance = { mode: 'compliance', minRetentionDays: 1, maxRetentionDays: 35, changeableForDays: 3 } as const

const denial = (actions: string[], admitted?: string[]) =>
  Match.objectLike({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Resource: '*',
    Action: actions,
    Condition: admitted ? { ArnNotEquals: { 'aws:PrincipalArn': admitted } } : Match.absent(),
  })
const ENDS = ['backup:DeleteRecoveryPoint', 'backup:DisassociateRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle']
const WEAKENS = [
  'backup:DeleteBackupVault',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:PutBackupVaultAccessPolicy',
  'backup:PutBackupVaultLockConfiguration',
]

const JUDGED = [
  'backup:DeleteRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
  'backup:PutBackupVaultAccessPolicy',
]

test('nobody ends a recovery point, and only a deployment changes the lock', () => {
  synth().hasResourceProperties('AWS::Backup::BackupVault', {
    EncryptionKeyArn: KEY_ARN,
    AccessPolicy: { Statement: [denial(ENDS), denial(WEAKENS, [DEPLOYMENT]), denial(JUDGED, [DEPLOYMENT])] },
  })
})

test('a role that breaks glass may do both; the deployment still ends no recovery point', () => {
  const access = { deploymentRoleArn: DEPLOYMENT, breakGlassRoleArn: BREAK_GLASS }
  synth({ access }).hasResourceProperties('AWS::Backup::BackupVault', {
    AccessPolicy: {
      Statement: [
        denial(ENDS, [BREAK_GLASS]),
        denial(WEAKENS, [BREAK_GLASS, DEPLOYMENT]),
        denial(JUDGED, [BREAK_GLASS, DEPLOYMENT]),
      ],
    },
  })
})

test('stays when its stack goes', () => {
  synth().hasResource('AWS::Backup::BackupVault', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
})

test('a governance lock never carries the date after which nobody can undo it', () => {
  synth().hasResourceProperties('AWS::Backup::BackupVault', {
    LockConfiguration: { MinRetentionDays: 1, MaxRetentionDays: 35, ChangeableForDays: Match.absent() },
  })
})

test.each([
  [{ mode: 'governance', minRetentionDays: 90, maxRetentionDays: 400 } as const, [90, 35]],
  [{ mode: 'governance', minRetentionDays: 1, maxRetentionDays: 35 } as const, [36]],
])('fails when the lock %j refuses one of the backups kept %j days', (lock, retentionDays) => {
  expect(() => synth({ lock, retentionDays })).toThrow(
    /admits \d+ to \d+ days, but some of its backups are kept (35|36) days/,
  )
})

test('fails when a compliance lock lacks the sentence that accepts it', () => {
  expect(() => synth({ lock: { ...compliance, irreversibleAcknowledgement: 'yes' } })).toThrow(/needs the sentence/)
  synth({ lock: { ...compliance, irreversibleAcknowledgement: IRREVERSIBLE } }).hasResourceProperties(
    'AWS::Backup::BackupVault',
    { LockConfiguration: { ChangeableForDays: 3 } },
  )
})

test('an unlocked vault says why and still lets nobody delete', () => {
  expect(() => synth({ lock: { mode: 'none', reason: ' ' } })).toThrow(/needs a written reason/)
  synth({ lock: { mode: 'none', reason: 'holds nothing yet' } }).hasResourceProperties('AWS::Backup::BackupVault', {
    LockConfiguration: Match.absent(),
    AccessPolicy: Match.anyValue(),
  })
})

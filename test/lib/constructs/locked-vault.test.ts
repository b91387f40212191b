import { Match } from 'aws-cdk-lib/assertions'
import { IRREVERSIBLE } from '../../../core/policy/irreversible'
import { LockedVault, type LockedVaultProps } from '../../../lib/constructs/locked-vault'
import { importedKey, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const synth = (overrides: Partial<LockedVaultProps> = {}) =>
  synthOne(
    (scope) =>
      new LockedVault(scope, 'Vault', {
        vaultName: 'vault',
        key: importedKey(scope),
        lock: { mode: 'governance', minRetentionDays: 1, maxRetentionDays: 35 },
        retentionDays: 35,
        ...overrides,
      }),
  )
const compliance = { mode: 'compliance', minRetentionDays: 1, maxRetentionDays: 35, changeableForDays: 3 } as const

test('denies everybody what would take a recovery point out, or the denial away', () => {
  synth().hasResourceProperties('AWS::Backup::BackupVault', {
    EncryptionKeyArn: KEY_ARN,
    AccessPolicy: {
      Statement: [
        Match.objectLike({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: Match.arrayWith([
            'backup:DeleteRecoveryPoint',
            'backup:UpdateRecoveryPointLifecycle',
            'backup:DeleteBackupVaultAccessPolicy',
          ]),
        }),
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
  [{ mode: 'governance', minRetentionDays: 90, maxRetentionDays: 400 } as const, 35],
  [{ mode: 'governance', minRetentionDays: 1, maxRetentionDays: 35 } as const, 36],
])('fails when the lock %j admits none of the backups kept %d days', (lock, retentionDays) => {
  expect(() => synth({ lock, retentionDays })).toThrow(/admits \d+ to \d+ days, but its backups are kept \d+ days/)
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

import { LOOKS_AT_PROTECTIONS } from '../account-permissions'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Puts back what protects in its region. It is told what is declared and weakens nothing; of data it can read none. */
export const contract = runbookContract({
  name: 'runbook-remedy',
  network: 'none',
  timeoutSeconds: 300,
  environment: [],
  permissions: [
    ...LOOKS_AT_PROTECTIONS,
    {
      actions: ['s3:PutBucketPublicAccessBlock', 's3:PutLifecycleConfiguration'],
      on: 'own-buckets',
      reason: 'every bucket of ours in the region, by what their names begin with',
    },
    { actions: ['backup:PutBackupVaultLockConfiguration'], on: 'own-vaults' },
    {
      actions: ['backup:CreateBackupSelection', 'backup:DeleteBackupSelection', 'backup:UpdateBackupPlan'],
      on: 'own-backup-plans',
      reason: 'plans have ids that AWS Backup gives',
    },
    {
      actions: ['iam:PassRole'],
      on: 'own-backup-roles',
      reason: 'each plan has a role of its own, by which AWS Backup reads what the selection names',
    },
    { actions: ['rds:ModifyDBInstance'], on: 'own-database-instances' },
    {
      actions: ['rds:AddTagsToResource', 'rds:CopyDBSnapshot', 'rds:DeleteDBSnapshot'],
      on: 'own-manual-snapshots',
      reason: 'whoever takes a snapshot by hand names it; AWS Backup keeps its own under names that are left out',
    },
    // A copy under our key holds that key by a grant of its own.
    { actions: ['kms:CreateGrant'], on: 'own-database-key-for-services' },
    {
      actions: ['logs:DeleteRetentionPolicy', 'logs:PutRetentionPolicy'],
      on: 'own-log-groups',
      reason: 'every group of ours in the region, by what their names begin with',
    },
    {
      actions: ['kms:EnableKeyRotation'],
      on: 'own-keys',
      reason: 'ids of keys are random; the condition admits those whose alias is ours',
    },
    { actions: ['cloudtrail:StartLogging'], on: 'own-trail' },
  ],
})

import { FORENSICS_TAG } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Has a database kept in the locked vault, and keeps its logs. It can neither restore, read nor delete what is kept. */
export const contract = runbookContract({
  name: 'runbook-preserve',
  network: 'none',
  // One file of a log may take longer than the time after which no further one is begun.
  timeoutSeconds: 300,
  environment: [VARIABLE.snapshotVault, VARIABLE.backupRole, VARIABLE.forensicsBucket],
  permissions: [
    { actions: ['backup:StartBackupJob'], on: 'own-snapshot-vault' },
    { actions: ['iam:PassRole'], on: 'own-backup-role' },
    {
      actions: ['backup:DescribeBackupJob'],
      on: 'every-backup-job',
      reason: 'jobs have no ARN (service authorization reference)',
    },
    {
      actions: ['backup:DescribeRecoveryPoint', 'backup:TagResource'],
      on: 'own-recovery-points',
      reason: 'recovery points have names that AWS Backup gives',
    },
    {
      actions: ['rds:DescribeDBInstances', 'rds:DescribeDBLogFiles', 'rds:DownloadDBLogFilePortion'],
      on: 'own-database-instances',
    },
    // AWS Backup asks whether the caller may snapshot and tag what it backs up.
    { actions: ['rds:CreateDBSnapshot'], on: 'own-database-instances' },
    {
      actions: ['rds:AddTagsToResource', 'rds:CreateDBSnapshot'],
      on: 'own-recovery-points',
      tagKeys: [FORENSICS_TAG],
      reason: 'recovery points have names that AWS Backup gives',
    },
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      on: 'own-forensic-objects',
      reason: 'each copy has a folder of its own; changing or deleting a version is denied to everybody',
    },
    // Without it S3 answers 403 instead of 404 for a key that nothing holds yet.
    { actions: ['s3:ListBucket'], on: 'own-forensic-bucket' },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'own-archive-key' },
  ],
})

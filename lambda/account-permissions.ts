import type { Permission } from './contract'

/** What it takes to look at everything of a region whose protection is declared. None of it reads what is protected. */
export const LOOKS_AT_PROTECTIONS: readonly Permission[] = [
  {
    actions: ['s3:GetBucketPublicAccessBlock', 's3:GetLifecycleConfiguration'],
    on: 'own-buckets',
    reason: 'every bucket of ours in the region, by what their names begin with',
  },
  { actions: ['backup:DescribeBackupVault'], on: 'own-vaults' },
  {
    actions: ['backup:ListBackupPlans'],
    on: 'every-backup-plan',
    reason: 'the list of plans knows no resource (service authorization reference)',
  },
  {
    actions: ['backup:GetBackupPlan', 'backup:GetBackupSelection', 'backup:ListBackupSelections'],
    on: 'own-backup-plans',
    reason: 'plans have ids that AWS Backup gives',
  },
  { actions: ['rds:DescribeDBInstances'], on: 'own-database-instances' },
  {
    actions: ['rds:DescribeDBSnapshots'],
    on: 'every-snapshot',
    reason: 'whoever takes a snapshot by hand names it, and all of them are looked at',
  },
  {
    actions: ['logs:DescribeLogGroups'],
    on: 'every-log-group',
    reason: 'the list of groups is asked by what a name begins with',
  },
  {
    actions: ['kms:DescribeKey', 'kms:GetKeyRotationStatus'],
    on: 'own-keys',
    reason: 'ids of keys are random; the condition admits those whose alias is ours',
  },
  {
    actions: ['kms:ListAliases'],
    on: 'every-alias',
    reason: 'the list of aliases knows no resource (service authorization reference)',
  },
  { actions: ['cloudtrail:GetTrailStatus'], on: 'own-trail' },
]

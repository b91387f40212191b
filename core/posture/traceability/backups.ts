import type { Trace, Untraced } from './trace'
import { asPolicy, atLeast, customerKey, holding, is, reference, somebody } from './wanted'

const rule = 'BackupPlan.BackupPlanRule.*'
const bucketKey = 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault'
const alarm = (demand: string, stack: string, name: string): Trace => ({
  demand,
  stack,
  type: 'AWS::CloudWatch::Alarm',
  named: { property: 'AlarmName', holds: `/${name}` },
  path: 'AlarmActions',
  wanted: somebody,
  proof: 'template',
})

/** Section 2: backup strategies. */
export const BACKUPS: readonly Trace[] = [
  {
    demand: 'the database is backed up every night at two',
    stack: 'backup-plan',
    type: 'AWS::Backup::BackupPlan',
    path: 'BackupPlan.BackupPlanRule.[daily].ScheduleExpression',
    wanted: asPolicy('backup.schedule.cron', ({ backup }) => backup.schedule.cron),
    proof: 'template',
  },
  {
    demand: 'two by the clock of Brasilia',
    stack: 'backup-plan',
    type: 'AWS::Backup::BackupPlan',
    path: `${rule}.ScheduleExpressionTimezone`,
    wanted: asPolicy('backup.schedule.timeZone', ({ backup }) => backup.schedule.timeZone),
    proof: 'template',
  },
  {
    demand: 'backups are kept for 90 days',
    stack: 'backup-plan',
    type: 'AWS::Backup::BackupPlan',
    path: 'BackupPlan.BackupPlanRule.[daily].Lifecycle.DeleteAfterDays',
    wanted: asPolicy('backup.snapshotRetentionDays', ({ backup }) => backup.snapshotRetentionDays),
    proof: 'template',
  },
  {
    demand: 'and cannot be ended sooner',
    stack: 'vaults',
    type: 'AWS::Backup::BackupVault',
    named: { property: 'BackupVaultName', holds: 'snapshots' },
    path: 'LockConfiguration.MinRetentionDays',
    wanted: atLeast('backup.snapshotRetentionDays', ({ backup }) => backup.snapshotRetentionDays),
    proof: 'template',
  },
  {
    demand: 'backups are encrypted at rest',
    stack: 'vaults',
    type: 'AWS::Backup::BackupVault',
    path: 'EncryptionKeyArn',
    wanted: reference,
    proof: 'template',
  },
  {
    demand: 'and their source is reached only by TLS',
    stack: 'database-primary',
    type: 'AWS::RDS::DBParameterGroup',
    path: 'Parameters.rds.force_ssl',
    wanted: is('1'),
    proof: 'template',
  },
  {
    demand: 'backups are copied to another region',
    stack: 'backup-plan-primary',
    type: 'AWS::Backup::BackupPlan',
    path: `${rule}.CopyActions.*.DestinationBackupVaultArn`,
    wanted: holding('topology.regions.recovery', ({ topology }) =>
      'recovery' in topology.regions ? topology.regions.recovery : 'no region',
    ),
    proof: 'template',
  },
  {
    demand: 'copies of the code are kept and locked',
    stack: 'code',
    type: 'AWS::S3::Bucket',
    path: 'ObjectLockEnabled',
    wanted: is(true),
    proof: 'template',
  },
  {
    demand: 'every version of the configuration is kept',
    stack: 'configuration',
    type: 'AWS::S3::Bucket',
    path: 'VersioningConfiguration.Status',
    wanted: is('Enabled'),
    proof: 'template',
  },
  {
    demand: 'static assets have versions',
    stack: 'assets',
    type: 'AWS::S3::Bucket',
    path: 'VersioningConfiguration.Status',
    wanted: is('Enabled'),
    proof: 'template',
  },
  {
    demand: 'backups of environment variables are encrypted',
    stack: 'configuration',
    type: 'AWS::S3::Bucket',
    path: bucketKey,
    wanted: customerKey,
    proof: 'template',
  },
  alarm('a backup that did not end is noticed each day', 'operations-primary', 'backup-missing'),
  alarm('a backup that failed is noticed', 'operations', 'backup-job-failed'),
  alarm('data that lost its integrity is noticed', 'operations-recovery', 'data-integrity'),
  alarm('storage that runs out is noticed', 'operations', 'storage-low'),
  {
    demand: 'encryption of the database is judged all the time',
    stack: 'governance',
    type: 'AWS::Config::ConfigRule',
    named: { property: 'ConfigRuleName', holds: 'database-encrypted' },
    path: 'Source.SourceIdentifier',
    wanted: is('RDS_STORAGE_ENCRYPTED'),
    proof: 'template',
  },
  {
    demand: 'a restore is tried every week',
    stack: 'restore-testing',
    type: 'AWS::Backup::RestoreTestingPlan',
    path: 'ScheduleExpression',
    wanted: asPolicy('restoreTesting.cron', ({ restoreTesting }) =>
      restoreTesting.mode === 'scheduled' ? restoreTesting.cron : 'never',
    ),
    proof: 'template, and rehearsed on a real PostgreSQL',
  },
  alarm('a restored copy that is not consistent is noticed', 'operations', 'restore-test-failed'),
]

/** What section 2 asks for and no resource keeps. */
export const BACKUPS_UNTRACED: readonly Untraced[] = [
  { demand: 'a dump made by hand', because: 'a command of a person; the logical dump of the archive is not there yet' },
  { demand: 'automated tags', because: 'a script of the build (`npm run release:tag`), not a resource' },
  { demand: 'weekly validation of performance', because: 'no resource yet' },
  {
    demand: 'weekly check of security compliance',
    because: 'rules of AWS Config judge all the time; no weekly activity gathers them yet',
  },
]

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

const recoveryRegion = holding('topology.regions.recovery', ({ topology }) =>
  'recovery' in topology.regions ? topology.regions.recovery : 'no region',
)

/** An activity of the calendar comes due: whoever performs it is asked for evidence, and told of when it is late. */
const due = (demand: string, id: string, cadence: 'daily' | 'weekly'): Trace => ({
  demand,
  stack: 'operations-recovery',
  type: 'AWS::Scheduler::Schedule',
  named: { property: 'Name', is: id },
  path: 'ScheduleExpression',
  wanted: asPolicy(`calendar.due.${cadence}`, ({ calendar }) => calendar.due[cadence]),
  proof: 'template',
  alsoBy: ['test/core/calendar/activity-due.test.ts'],
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
    path: 'BackupPlan.BackupPlanRule.[daily].CopyActions.*.DestinationBackupVaultArn',
    wanted: recoveryRegion,
    proof: 'template',
  },
  ...(['weekly', 'monthly'] as const).map((tier): Trace => ({
    demand: `and so are those of the tier ${tier}`,
    stack: 'backup-plan-primary',
    type: 'AWS::Backup::BackupPlan',
    having: `BackupPlan.BackupPlanRule.[${tier}]`,
    path: `BackupPlan.BackupPlanRule.[${tier}].CopyActions.*.DestinationBackupVaultArn`,
    wanted: recoveryRegion,
    proof: 'template',
  })),
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
    alsoBy: ['test/core/verification/judge-restore.test.ts', 'test/adapters/postgres/validation.test.ts'],
  },
  {
    demand: 'a restored copy is examined by itself',
    stack: 'restore-testing',
    type: 'AWS::Events::Rule',
    named: { property: 'Name', holds: 'copy-restored' },
    path: 'Targets',
    wanted: somebody,
    proof: 'template, and rehearsed on a real PostgreSQL',
    alsoBy: ['test/adapters/aws/restore-validation.test.ts', 'test/adapters/postgres/validation.test.ts'],
  },
  alarm('a restored copy that is not consistent is noticed', 'operations', 'restore-test-failed'),
  due('daily check: completion of backups comes due', 'backup-completion', 'daily'),
  due('daily check: integrity of backups comes due', 'backup-integrity', 'daily'),
  due('daily check: capacity of storage comes due', 'storage-capacity', 'daily'),
  due('daily check: encryption comes due', 'encryption', 'daily'),
  due('weekly test: consistency of data comes due', 'data-consistency', 'weekly'),
  due('weekly test: performance comes due', 'performance', 'weekly'),
  due('weekly test: security compliance comes due', 'security-compliance', 'weekly'),
]

/** What section 2 asks for and no resource keeps. */
export const BACKUPS_UNTRACED: readonly Untraced[] = [
  {
    demand: 'a dump made by hand',
    because: 'a command of a person (`recovery backup take`); the archive takes dumps by itself beside it',
    test: 'test/cli/backup-memory.test.ts',
  },
  {
    demand: 'a restore from a dump',
    because: 'a command of a person (`recovery restore`), which proves the dump before it has a name',
    test: 'test/faults/backup-matrix.test.ts',
  },
  {
    demand: 'automated tags',
    because: 'a script of the build (`npm run release:tag`), not a resource',
    test: 'test/scripts/code.test.ts',
  },
  {
    demand: 'what the weekly tests of performance and of security compliance measure',
    because:
      'measured on each restored copy by the function that validates it; the calendar asks for them and keeps the evidence',
    test: 'test/core/calendar/tasks.test.ts',
  },
]

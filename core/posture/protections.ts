import type { Json } from '../json'

/** What a protection is about, in the words of the procedure. */
export type Term =
  | 'objective'
  | 'retention'
  | 'lock'
  | 'encryption'
  | 'copy'
  | 'replica'
  | 'alarm'
  | 'test frequency'
  | 'access'
  | 'existence'

/**
 * When a change of a value weakens:
 * - `no-less`, `no-more`: a number that falls, or grows; a switch that goes off, or on; one that vanishes
 * - `unchanged`: any change, and vanishing; a value where there was none is none the worse
 * - `no-new-grants`: a policy allows something more, or denies something less
 * - `no-new-entries`: a list that lets something in grows
 */
export type Order = 'no-less' | 'no-more' | 'unchanged' | 'no-new-grants' | 'no-new-entries'

/** One protective property of one type of resource. `*` in a path stands for each entry of a list, by its name where it has one. */
export interface ProtectionRow {
  readonly type: string
  readonly path: string
  readonly term: Exclude<Term, 'existence'>
  readonly order: Order
  /** What the property protects, to be read behind the name of the resource. */
  readonly words: string
  /** What holds where the property is not there. @default nothing */
  readonly whenAbsent?: Json
}

const row = (
  type: string,
  path: string,
  term: ProtectionRow['term'],
  order: Order,
  words: string,
  whenAbsent?: Json,
): ProtectionRow => ({ type, path, term, order, words, ...(whenAbsent !== undefined && { whenAbsent }) })

const BACKUP_RULE = 'BackupPlan.BackupPlanRule.*'

/** Every protective property that the ratchet holds. Removing a resource of one of these types weakens by itself. */
export const PROTECTIONS: readonly ProtectionRow[] = [
  row('AWS::RDS::DBInstance', 'BackupRetentionPeriod', 'retention', 'no-less', 'days of point-in-time recovery'),
  row(
    'AWS::RDS::DBInstance',
    'AutomaticBackupReplicationRegion',
    'copy',
    'unchanged',
    'region that receives the history',
  ),
  row(
    'AWS::RDS::DBInstance',
    'AutomaticBackupReplicationRetentionPeriod',
    'copy',
    'no-less',
    'days of replicated history',
  ),
  row('AWS::RDS::DBInstance', 'DeletionProtection', 'retention', 'no-less', 'protection against deletion'),
  row('AWS::RDS::DBInstance', 'DeleteAutomatedBackups', 'retention', 'no-more', 'deletion of its backups with it'),
  row('AWS::RDS::DBInstance', 'StorageEncrypted', 'encryption', 'no-less', 'encryption of storage'),
  row('AWS::RDS::DBInstance', 'KmsKeyId', 'encryption', 'unchanged', 'key of storage'),
  row('AWS::RDS::DBInstance', 'SourceDBInstanceIdentifier', 'replica', 'unchanged', 'source that it follows'),
  row('AWS::RDS::DBInstance', 'MultiAZ', 'replica', 'no-less', 'standby in another zone'),
  row('AWS::RDS::DBInstance', 'PubliclyAccessible', 'access', 'no-more', 'reach from the internet'),
  row('AWS::RDS::DBInstance', 'EnableIAMDatabaseAuthentication', 'access', 'no-less', 'logins by IAM'),
  row('AWS::RDS::DBInstance', 'MonitoringInterval', 'alarm', 'no-more', 'seconds between two looks at the instance'),
  row('AWS::RDS::DBInstance', 'EnableCloudwatchLogsExports', 'alarm', 'unchanged', 'logs that are kept'),
  row('AWS::RDS::DBParameterGroup', 'Parameters.rds.force_ssl', 'encryption', 'unchanged', 'TLS for every connection'),
  row(
    'AWS::RDS::DBParameterGroup',
    'Parameters.ssl_min_protocol_version',
    'encryption',
    'unchanged',
    'oldest TLS accepted',
  ),
  row('AWS::RDS::DBParameterGroup', 'Parameters.log_connections', 'alarm', 'unchanged', 'log of connections'),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.Lifecycle.DeleteAfterDays`,
    'retention',
    'no-less',
    'days that backups are kept',
  ),
  row('AWS::Backup::BackupPlan', `${BACKUP_RULE}.ScheduleExpression`, 'objective', 'unchanged', 'schedule of backups'),
  row('AWS::Backup::BackupPlan', `${BACKUP_RULE}.EnableContinuousBackup`, 'objective', 'no-less', 'continuous backup'),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.CopyActions.*.DestinationBackupVaultArn`,
    'copy',
    'unchanged',
    'vault that receives copies',
  ),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.CopyActions.*.Lifecycle.DeleteAfterDays`,
    'copy',
    'no-less',
    'days that copies are kept',
  ),
  row('AWS::Backup::BackupSelection', 'BackupSelection', 'objective', 'unchanged', 'what is backed up'),
  row(
    'AWS::Backup::BackupVault',
    'LockConfiguration.MinRetentionDays',
    'lock',
    'no-less',
    'days that a recovery point is locked',
  ),
  row(
    'AWS::Backup::BackupVault',
    'LockConfiguration.ChangeableForDays',
    'lock',
    'unchanged',
    'whether the lock can be lifted',
  ),
  row('AWS::Backup::BackupVault', 'EncryptionKeyArn', 'encryption', 'unchanged', 'key of recovery points'),
  row('AWS::Backup::BackupVault', 'AccessPolicy', 'access', 'no-new-grants', 'who may end a recovery point'),
  row(
    'AWS::Backup::RestoreTestingPlan',
    'ScheduleExpression',
    'test frequency',
    'unchanged',
    'how often restores are tested',
  ),
  row(
    'AWS::Backup::RestoreTestingSelection',
    'ProtectedResourceType',
    'test frequency',
    'unchanged',
    'what is restored as a test',
  ),
  row('AWS::S3::Bucket', 'VersioningConfiguration.Status', 'retention', 'unchanged', 'versions'),
  row(
    'AWS::S3::Bucket',
    'LifecycleConfiguration.Rules.*.ExpirationInDays',
    'retention',
    'no-less',
    'days that objects are kept',
  ),
  row(
    'AWS::S3::Bucket',
    'LifecycleConfiguration.Rules.*.NoncurrentVersionExpiration.NoncurrentDays',
    'retention',
    'no-less',
    'days that old versions are kept',
  ),
  row('AWS::S3::Bucket', 'ObjectLockEnabled', 'lock', 'no-less', 'object lock'),
  row(
    'AWS::S3::Bucket',
    'ObjectLockConfiguration.Rule.DefaultRetention.Days',
    'lock',
    'no-less',
    'days that a version is locked',
  ),
  row('AWS::S3::Bucket', 'ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'lock', 'unchanged', 'mode of the lock'),
  row('AWS::S3::Bucket', 'BucketEncryption', 'encryption', 'unchanged', 'encryption at rest'),
  row('AWS::S3::Bucket', 'ReplicationConfiguration.Rules', 'copy', 'unchanged', 'copies in another region'),
  row(
    'AWS::S3::Bucket',
    'PublicAccessBlockConfiguration.BlockPublicAcls',
    'access',
    'no-less',
    'block of public lists',
  ),
  row(
    'AWS::S3::Bucket',
    'PublicAccessBlockConfiguration.BlockPublicPolicy',
    'access',
    'no-less',
    'block of public policies',
  ),
  row(
    'AWS::S3::Bucket',
    'PublicAccessBlockConfiguration.IgnorePublicAcls',
    'access',
    'no-less',
    'deafness to public lists',
  ),
  row(
    'AWS::S3::Bucket',
    'PublicAccessBlockConfiguration.RestrictPublicBuckets',
    'access',
    'no-less',
    'block of public reach',
  ),
  row('AWS::S3::Bucket', 'LoggingConfiguration', 'alarm', 'unchanged', 'log of access'),
  row('AWS::S3::BucketPolicy', 'PolicyDocument', 'access', 'no-new-grants', 'who may use the bucket'),
  row('AWS::KMS::Key', 'EnableKeyRotation', 'encryption', 'no-less', 'rotation of the key'),
  row('AWS::KMS::Key', 'PendingWindowInDays', 'encryption', 'no-less', 'days in which a deletion can be stopped', 30),
  row('AWS::KMS::Key', 'Enabled', 'encryption', 'no-less', 'use of the key', true),
  row('AWS::KMS::Key', 'KeyPolicy', 'access', 'no-new-grants', 'who may use the key'),
  row('AWS::DynamoDB::GlobalTable', 'SSESpecification', 'encryption', 'unchanged', 'encryption at rest'),
  row(
    'AWS::DynamoDB::GlobalTable',
    'Replicas.*.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
    'retention',
    'no-less',
    'point-in-time recovery',
  ),
  row(
    'AWS::DynamoDB::GlobalTable',
    'Replicas.*.DeletionProtectionEnabled',
    'retention',
    'no-less',
    'protection against deletion',
  ),
  row('AWS::SecretsManager::Secret', 'KmsKeyId', 'encryption', 'unchanged', 'key of the secret'),
  row('AWS::SecretsManager::Secret', 'ReplicaRegions', 'copy', 'unchanged', 'regions that hold the secret'),
  row('AWS::SecretsManager::RotationSchedule', 'RotationRules', 'encryption', 'unchanged', 'rotation of the secret'),
  row('AWS::Logs::LogGroup', 'RetentionInDays', 'retention', 'no-less', 'days that logs are kept'),
  row('AWS::Logs::LogGroup', 'KmsKeyId', 'encryption', 'unchanged', 'key of logs'),
  row('AWS::SNS::Topic', 'KmsMasterKeyId', 'encryption', 'unchanged', 'key of messages'),
  row('AWS::SNS::Subscription', 'Endpoint', 'alarm', 'unchanged', 'who is told'),
  row('AWS::SQS::Queue', 'KmsMasterKeyId', 'encryption', 'unchanged', 'key of messages'),
  row('AWS::SQS::Queue', 'MessageRetentionPeriod', 'retention', 'no-less', 'seconds that undelivered events are kept'),
  row('AWS::CloudWatch::Alarm', 'ActionsEnabled', 'alarm', 'no-less', 'whether the alarm tells anybody', true),
  row('AWS::CloudWatch::Alarm', 'AlarmActions', 'alarm', 'unchanged', 'whom the alarm tells'),
  row('AWS::CloudWatch::Alarm', 'Threshold', 'alarm', 'unchanged', 'threshold of the alarm'),
  row('AWS::CloudWatch::Alarm', 'ComparisonOperator', 'alarm', 'unchanged', 'side on which the alarm rings'),
  row('AWS::CloudWatch::Alarm', 'EvaluationPeriods', 'alarm', 'no-more', 'periods before the alarm rings'),
  row('AWS::CloudWatch::Alarm', 'Period', 'alarm', 'no-more', 'seconds of a period'),
  row('AWS::CloudWatch::Alarm', 'TreatMissingData', 'alarm', 'unchanged', 'what silence means'),
  row('AWS::CloudWatch::CompositeAlarm', 'AlarmRule', 'alarm', 'unchanged', 'what the alarm weighs'),
  row('AWS::Events::Rule', 'EventPattern', 'alarm', 'unchanged', 'events that are noticed'),
  row('AWS::Events::Rule', 'State', 'alarm', 'unchanged', 'whether events are noticed', 'ENABLED'),
  row('AWS::Scheduler::Schedule', 'ScheduleExpression', 'test frequency', 'unchanged', 'how often a check runs'),
  row('AWS::Scheduler::Schedule', 'State', 'test frequency', 'unchanged', 'whether a check runs', 'ENABLED'),
  row('AWS::CloudTrail::Trail', 'EnableLogFileValidation', 'alarm', 'no-less', 'proof against edited logs'),
  row('AWS::CloudTrail::Trail', 'IsMultiRegionTrail', 'alarm', 'no-less', 'calls of every region'),
  row('AWS::CloudTrail::Trail', 'IsLogging', 'alarm', 'no-less', 'log of calls'),
  row('AWS::Route53::HealthCheck', 'HealthCheckConfig', 'objective', 'unchanged', 'what decides where traffic goes'),
  row('AWS::Route53::RecordSet', 'TTL', 'objective', 'no-more', 'seconds that clients remember an address'),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', 'access', 'no-new-entries', 'who is let in'),
  row('AWS::EC2::SecurityGroupIngress', 'SourceSecurityGroupId', 'access', 'unchanged', 'who is let in'),
  row('AWS::IAM::Role', 'AssumeRolePolicyDocument', 'access', 'no-new-grants', 'who may take the role'),
  row('AWS::IAM::ManagedPolicy', 'PolicyDocument', 'access', 'no-new-grants', 'what the role may do'),
  row('AWS::StepFunctions::StateMachine', 'LoggingConfiguration', 'alarm', 'unchanged', 'log of runbooks'),
]

/** Promises of the policy itself, by their path in it. */
export const PROMISES: readonly Omit<ProtectionRow, 'type'>[] = [
  { path: 'objectives.rpo.*', term: 'objective', order: 'no-more', words: 'data that may be lost' },
  { path: 'objectives.rto.*', term: 'objective', order: 'no-more', words: 'time without service' },
  { path: 'dataClasses.*.retentionYears', term: 'retention', order: 'no-less', words: 'years that data is kept' },
  { path: 'evidence.lock.mode', term: 'lock', order: 'unchanged', words: 'lock of the evidence' },
  {
    path: 'readiness.prepareEveryMinutes',
    term: 'test frequency',
    order: 'no-more',
    words: 'minutes between preparations',
  },
  { path: 'code.oldestCopyHours', term: 'copy', order: 'no-more', words: 'age of the newest copy of the code' },
]

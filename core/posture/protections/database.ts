import { row, type ProtectionRow } from './row'

/** What protects the databases and the tables that coordinate. */
export const DATABASE: readonly ProtectionRow[] = [
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
  // Left out, they go: https://docs.aws.amazon.com/sdk-for-kotlin/api/latest/rds/aws.sdk.kotlin.services.rds.model/-delete-db-instance-request/delete-automated-backups.html
  row(
    'AWS::RDS::DBInstance',
    'DeleteAutomatedBackups',
    'retention',
    'no-more',
    'deletion of its backups with it',
    true,
  ),
  row('AWS::RDS::DBInstance', 'StorageEncrypted', 'encryption', 'no-less', 'encryption of storage'),
  row('AWS::RDS::DBInstance', 'KmsKeyId', 'encryption', 'unchanged', 'key of storage'),
  row('AWS::RDS::DBInstance', 'SourceDBInstanceIdentifier', 'replica', 'unchanged', 'source that it follows'),
  row('AWS::RDS::DBInstance', 'MultiAZ', 'replica', 'no-less', 'standby in another zone'),
  // Left out, AWS decides by the subnets: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
  row('AWS::RDS::DBInstance', 'PubliclyAccessible', 'access', 'no-more', 'reach from the internet', true),
  row('AWS::RDS::DBInstance', 'EnableIAMDatabaseAuthentication', 'access', 'no-less', 'logins by IAM'),
  // No order: fewer seconds see more, but for 0, which looks no more.
  row('AWS::RDS::DBInstance', 'MonitoringInterval', 'alarm', 'exactly', 'seconds between two looks at the instance'),
  row('AWS::RDS::DBInstance', 'EnableCloudwatchLogsExports', 'alarm', 'no-fewer-entries', 'logs that are kept'),
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
    'AWS::RDS::DBParameterGroup',
    'Parameters.track_commit_timestamp',
    'retention',
    'unchanged',
    'moments of transactions, by which a recovery finds what it leaves behind',
  ),
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
  row('AWS::RDS::DBInstance', 'DBParameterGroupName', 'encryption', 'unchanged', 'settings, TLS among them'),
  row('AWS::RDS::DBInstance', 'VPCSecurityGroups', 'access', 'unchanged', 'who may connect'),
  row('AWS::RDS::DBInstance', 'CopyTagsToSnapshot', 'copy', 'no-less', 'tags of its snapshots'),
  row('AWS::RDS::DBInstance', 'Tags.*.Value', 'objective', 'unchanged', 'tags by which plans find it'),
  row('AWS::RDS::DBInstance', 'EnablePerformanceInsights', 'alarm', 'no-less', 'record of load'),
  row(
    'AWS::RDS::DBInstance',
    'PerformanceInsightsRetentionPeriod',
    'alarm',
    'no-less',
    'days that the record of load is kept',
  ),
  row('AWS::RDS::DBInstance', 'PerformanceInsightsKMSKeyId', 'encryption', 'unchanged', 'key of the record of load'),
]

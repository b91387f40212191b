import { Match } from 'aws-cdk-lib/assertions'
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { PrimaryDatabase, type PrimaryDatabaseProps } from '../../../lib/constructs/primary-database'
import { instanceProps, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const synth = (overrides: Partial<PrimaryDatabaseProps> = {}) =>
  synthOne(
    (scope) =>
      new PrimaryDatabase(scope, 'Database', {
        ...instanceProps(scope),
        ownerSecretName: 'neonpro-test/database-owner-g1',
        multiAz: true,
        backupRetentionDays: 35,
        clients: SecurityGroup.fromSecurityGroupId(scope, 'Clients', 'sg-2'),
        rotationFunctionName: 'rotation-g1',
        secretRotationDays: 30,
        ...overrides,
      }),
  )

test('stands in two zones, encrypted, out of reach of the internet, and takes IAM logins', () => {
  synth().hasResourceProperties('AWS::RDS::DBInstance', {
    DBInstanceIdentifier: 'db-g1',
    MultiAZ: true,
    StorageEncrypted: true,
    KmsKeyId: KEY_ARN,
    PubliclyAccessible: false,
    EnableIAMDatabaseAuthentication: true,
    VPCSecurityGroups: ['sg-1'],
  })
})

test('keeps 35 days of history, and not only as long as it exists itself', () => {
  synth().hasResource('AWS::RDS::DBInstance', {
    DeletionPolicy: 'Retain',
    Properties: Match.objectLike({
      BackupRetentionPeriod: 35,
      PreferredMaintenanceWindow: 'Sun:07:00-Sun:08:00',
      DeleteAutomatedBackups: false,
      DeletionProtection: true,
    }),
  })
})

// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2167
test('states no window of its own for backups, which AWS Backup takes over', () => {
  synth().hasResourceProperties('AWS::RDS::DBInstance', { PreferredBackupWindow: Match.absent() })
})

test('fails when it should keep history longer than RDS does', () => {
  expect(() => synth({ backupRetentionDays: 36 })).toThrow(/at most 35 days, got 36/)
})

test('accepts TLS only, preloads the job that ends a stale lease, and knows when each transaction was committed', () => {
  synth().hasResourceProperties('AWS::RDS::DBParameterGroup', {
    Family: 'postgres18',
    Parameters: Match.objectLike({
      'rds.force_ssl': '1',
      ssl_min_protocol_version: 'TLSv1.3',
      shared_preload_libraries: 'pg_stat_statements,pg_cron',
      track_commit_timestamp: '1',
    }),
  })
})

test('has a secret of its own that is rotated, since the one that RDS manages excludes replicas', () => {
  const template = synth()
  template.hasResourceProperties('AWS::RDS::DBInstance', { ManageMasterUserPassword: Match.absent() })
  template.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain', Properties: { KmsKeyId: KEY_ARN } })
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: 'rate(30 days)' },
    HostedRotationLambda: Match.objectLike({ RotationLambdaName: 'rotation-g1', VpcSecurityGroupIds: 'sg-2' }),
  })
})

test.each(['postgresql', 'upgrade'])('makes the %s log before RDS would, with key and expiry', (log) => {
  synth().hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: `/aws/rds/instance/db-g1/${log}`,
    KmsKeyId: KEY_ARN,
    RetentionInDays: 365,
  })
  synth().hasResourceProperties('AWS::RDS::DBInstance', { EnableCloudwatchLogsExports: Match.arrayWith([log]) })
})

test('has its history replicated only where the policy says so', () => {
  synth().hasResourceProperties('AWS::RDS::DBInstance', { AutomaticBackupReplicationRegion: Match.absent() })
  const kmsKeyArn = 'arn:aws:kms:us-east-2:111122223333:key/5678'
  synth({ replicatedBackups: { region: 'us-east-2', kmsKeyArn, retentionDays: 14 } }).hasResourceProperties(
    'AWS::RDS::DBInstance',
    {
      AutomaticBackupReplicationRegion: 'us-east-2',
      AutomaticBackupReplicationKmsKeyId: kmsKeyArn,
      AutomaticBackupReplicationRetentionPeriod: 14,
    },
  )
})

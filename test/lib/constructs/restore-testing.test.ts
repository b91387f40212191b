import { Match } from 'aws-cdk-lib/assertions'
import { RestoreTesting, type RestoreTestPlan } from '../../../lib/constructs/restore-testing'
import { synthOne } from '../synth'

const VAULT = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:snapshots'
const DATABASE = 'arn:aws:rds:eu-west-1:111122223333:db:db-g1'

const synth = (overrides: Partial<RestoreTestPlan> = {}) =>
  synthOne(
    (scope) =>
      new RestoreTesting(scope, 'Tests', {
        plans: [
          {
            planName: 'neonpro_test_restore_test',
            selectionName: 'neonpro_test_snapshots',
            cron: 'cron(0 10 ? * SUN *)',
            timeZone: 'America/Sao_Paulo',
            startWindowHours: 1,
            recoveryPoint: 'random',
            recoveryPointType: 'SNAPSHOT',
            selectionWindowDays: 30,
            validationWindowHours: 4,
            vaultArns: [VAULT],
            resourceArns: [DATABASE],
            ...overrides,
          },
        ],
        roleName: 'restore-eu-west-1',
        copy: {
          subnetGroupName: 'isolated',
          parameterGroupName: 'copies',
          securityGroupIds: '["sg-1"]',
          instanceClass: 'db.r7g.large',
        },
      }),
  )

test('restores a snapshot of one vault at the hour of the clinic, an old one as likely as a new one', () => {
  synth().hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
    RestoreTestingPlanName: 'neonpro_test_restore_test',
    ScheduleExpression: 'cron(0 10 ? * SUN *)',
    ScheduleExpressionTimezone: 'America/Sao_Paulo',
    StartWindowHours: 1,
    RecoveryPointSelection: {
      Algorithm: 'RANDOM_WITHIN_WINDOW',
      IncludeVaults: [VAULT],
      RecoveryPointTypes: ['SNAPSHOT'],
      SelectionWindowDays: 30,
    },
  })
  synth({ recoveryPoint: 'latest' }).hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
    RecoveryPointSelection: Match.objectLike({ Algorithm: 'LATEST_WITHIN_WINDOW' }),
  })
})

// Inferred metadata restore into the default VPC, with the default parameter group:
// https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
test('puts a copy into its own subnets, group and settings, never into the default ones', () => {
  synth().hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
    ProtectedResourceType: 'RDS',
    ProtectedResourceArns: [DATABASE],
    ValidationWindowHours: 4,
    RestoreMetadataOverrides: {
      dbSubnetGroupName: 'isolated',
      vpcSecurityGroupIds: '["sg-1"]',
      dbParameterGroupName: 'copies',
      dbInstanceClass: 'db.r7g.large',
      multiAz: 'false',
      publiclyAccessible: 'false',
      enableIAMDatabaseAuthentication: 'true',
    },
  })
})

test('restores whatever a vault of copies holds where the instance itself is in another region', () => {
  synth({ resourceArns: 'all' }).hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
    ProtectedResourceArns: ['*'],
  })
})

test('has a role that restores and cannot back up', () => {
  const [role] = Object.values(synth().findResources('AWS::IAM::Role'))
  expect(JSON.stringify(role)).toContain('AWSBackupServiceRolePolicyForRestores')
  expect(JSON.stringify(role)).not.toContain('ForBackup')
})

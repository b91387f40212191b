import { Match } from 'aws-cdk-lib/assertions'
import { BackupVault } from 'aws-cdk-lib/aws-backup'
import { DatabaseInstance, DatabaseInstanceEngine } from 'aws-cdk-lib/aws-rds'
import type { Construct } from 'constructs'
import { DatabaseBackupPlan, type DatabaseBackupPlanProps } from '../../../lib/constructs/database-backup-plan'
import { synthOne } from '../synth'

const COPIES = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies'
const synth = (overrides: (scope: Construct) => Partial<DatabaseBackupPlanProps> = () => ({})) =>
  synthOne(
    (scope) =>
      new DatabaseBackupPlan(scope, 'Plan', {
        planName: 'plan',
        roleName: 'backup-eu-west-1',
        cron: 'cron(0 2 * * ? *)',
        timeZone: 'America/Sao_Paulo',
        startWindowMinutes: 60,
        completionWindowMinutes: 180,
        snapshotRetentionDays: 90,
        pointInTimeRetentionDays: 35,
        snapshots: BackupVault.fromBackupVaultName(scope, 'Snapshots', 'snapshots'),
        pointInTime: BackupVault.fromBackupVaultName(scope, 'PointInTime', 'pitr'),
        copyVaultArn: COPIES,
        tag: { key: 'recovery:promoted', value: 'yes' },
        instances: [],
        ...overrides(scope),
      }),
  )
const rule = (properties: object) => ({
  BackupPlan: { BackupPlanRule: Match.arrayWith([Match.objectLike(properties)]) },
})

test('takes a snapshot each day at the hour of the clinic and copies it to the other region for as long', () => {
  synth().hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({
      RuleName: 'daily-snapshot',
      TargetBackupVault: 'snapshots',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'America/Sao_Paulo',
      StartWindowMinutes: 60,
      CompletionWindowMinutes: 180,
      Lifecycle: { DeleteAfterDays: 90, MoveToColdStorageAfterDays: Match.absent() },
      CopyActions: [{ DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 90 } }],
    }),
  )
})

test('backs up continuously into a vault of its own, without a copy: the copy could not be restored to a moment', () => {
  synth().hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({
      RuleName: 'continuous',
      TargetBackupVault: 'pitr',
      EnableContinuousBackup: true,
      Lifecycle: { DeleteAfterDays: 35 },
      CopyActions: Match.absent(),
    }),
  )
})

test('copies nothing where there is no other region', () => {
  const template = synth(() => ({ copyVaultArn: undefined }))
  template.hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({ RuleName: 'daily-snapshot', CopyActions: Match.absent() }),
  )
})

test('selects by the tag that a failover sets, and by name what is known', () => {
  const byTag = { ListOfTags: [Match.objectLike({ ConditionKey: 'recovery:promoted', ConditionValue: 'yes' })] }
  synth().resourceCountIs('AWS::Backup::BackupSelection', 1)
  synth().hasResourceProperties('AWS::Backup::BackupSelection', { BackupSelection: Match.objectLike(byTag) })
  const known = synth((scope) => ({
    instances: [
      DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Writer', {
        instanceIdentifier: 'db-g1',
        instanceEndpointAddress: 'unused',
        port: 5432,
        securityGroups: [],
        engine: DatabaseInstanceEngine.POSTGRES,
      }),
    ],
  }))
  const [byName] = Object.values(known.findResources('AWS::Backup::BackupSelection')).filter((selection) =>
    JSON.stringify(selection).includes('"Resources"'),
  )
  expect(JSON.stringify(byName)).toContain('db:db-g1')
})

test('has a role that backs up and cannot restore', () => {
  const [role] = Object.values(synth().findResources('AWS::IAM::Role'))
  expect(JSON.stringify(role)).toContain('AWSBackupServiceRolePolicyForBackup')
  expect(JSON.stringify(role)).not.toContain('ForRestores')
})

import { Match } from 'aws-cdk-lib/assertions'
import { BackupVault } from 'aws-cdk-lib/aws-backup'
import { StoreBackupPlan, type StoreBackupPlanProps } from '../../../lib/constructs/store-backup-plan'
import { synthOne } from '../synth'

const COPIES = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies'
const ELSEWHERE = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:copies'
const DATABASE = 'arn:aws:rds:eu-west-1:111122223333:db:db-g1'

const synth = (overrides: Partial<StoreBackupPlanProps> = {}) =>
  synthOne(
    (scope) =>
      new StoreBackupPlan(scope, 'Plan', {
        planName: 'plan',
        roleName: 'backup-eu-west-1',
        serviceRolePolicies: ['service-role/AWSBackupServiceRolePolicyForBackup'],
        timeZone: 'America/Sao_Paulo',
        startWindowMinutes: 60,
        completionWindowMinutes: 120,
        snapshots: {
          vault: BackupVault.fromBackupVaultName(scope, 'Snapshots', 'snapshots'),
          rules: [
            { ruleName: 'daily', cron: 'cron(0 2 * * ? *)', retentionDays: 90 },
            { ruleName: 'weekly', cron: 'cron(0 5 ? * SAT *)', retentionDays: 182 },
          ],
        },
        continuous: {
          vault: BackupVault.fromBackupVaultName(scope, 'PointInTime', 'pitr'),
          cron: 'cron(0 2 * * ? *)',
          retentionDays: 35,
        },
        copies: [{ vaultArn: COPIES }],
        tag: { key: 'recovery:backup-plan', value: 'writer' },
        resourceArns: [],
        ...overrides,
      }),
  )
const rule = (properties: object) => ({
  BackupPlan: { BackupPlanRule: Match.arrayWith([Match.objectLike(properties)]) },
})

test('takes a snapshot each day at the hour of the clinic and copies it for as long', () => {
  synth().hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({
      RuleName: 'daily',
      TargetBackupVault: 'snapshots',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'America/Sao_Paulo',
      StartWindowMinutes: 60,
      CompletionWindowMinutes: 120,
      // Cold storage would be ignored for RDS: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
      Lifecycle: { DeleteAfterDays: 90, MoveToColdStorageAfterDays: Match.absent() },
      CopyActions: [{ DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 90 } }],
    }),
  )
})

test('keeps and copies the snapshots of a tier for as long as the tier says', () => {
  synth().hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({
      RuleName: 'weekly',
      Lifecycle: { DeleteAfterDays: 182 },
      CopyActions: [{ DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 182 } }],
    }),
  )
})

test('keeps copies elsewhere for as long as the other vault wants them', () => {
  synth({ copies: [{ vaultArn: COPIES }, { vaultArn: ELSEWHERE, retentionDays: 120 }] }).hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({
      RuleName: 'daily',
      CopyActions: [
        { DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 90 } },
        { DestinationBackupVaultArn: ELSEWHERE, Lifecycle: { DeleteAfterDays: 120 } },
      ],
    }),
  )
})

// https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
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

test('copies nothing where there is nowhere to copy to', () => {
  synth({ copies: [] }).hasResourceProperties(
    'AWS::Backup::BackupPlan',
    rule({ RuleName: 'daily', CopyActions: Match.absent() }),
  )
})

test('selects by the tag that a failover sets, and by name what is known', () => {
  const byTag = { ListOfTags: [Match.objectLike({ ConditionKey: 'recovery:backup-plan', ConditionValue: 'writer' })] }
  synth().resourceCountIs('AWS::Backup::BackupSelection', 1)
  const known = synth({ resourceArns: [DATABASE] })
  known.resourceCountIs('AWS::Backup::BackupSelection', 2)
  known.hasResourceProperties('AWS::Backup::BackupSelection', { BackupSelection: Match.objectLike(byTag) })
  known.hasResourceProperties('AWS::Backup::BackupSelection', {
    BackupSelection: Match.objectLike({ Resources: [DATABASE] }),
  })
})

test('has a role that backs up and cannot restore', () => {
  const [role] = Object.values(synth().findResources('AWS::IAM::Role'))
  expect(JSON.stringify(role)).toContain('AWSBackupServiceRolePolicyForBackup')
  expect(JSON.stringify(role)).not.toContain('ForRestores')
})

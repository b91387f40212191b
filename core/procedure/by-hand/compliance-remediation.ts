import type { StepsByHand } from './by-hand'
import { SHARED } from './shared'

const { report } = SHARED

/** One look for each kind of thing; the same before and after. */
const looks = [
  'aws s3api get-public-access-block --region "$REGION" --bucket <bucket>',
  'aws s3api get-bucket-lifecycle-configuration --region "$REGION" --bucket <bucket>',
  'aws rds describe-db-snapshots --region "$REGION" --snapshot-type manual --query "DBSnapshots[].[DBSnapshotIdentifier,Encrypted,KmsKeyId]"',
  'aws backup describe-backup-vault --region "$REGION" --backup-vault-name <vault> --query "[Locked,MinRetentionDays,MaxRetentionDays]"',
  'aws rds describe-db-instances --region "$REGION" --db-instance-identifier <instance> --query "DBInstances[0].DeletionProtection"',
  'aws cloudtrail get-trail-status --region "$REGION" --name <trail> --query IsLogging',
  'aws logs describe-log-groups --region "$REGION" --log-group-name-prefix <group> --query "logGroups[].[logGroupName,retentionInDays]"',
  'aws backup get-backup-plan --region "$REGION" --backup-plan-id <plan> --query "BackupPlan.Rules[].[RuleName,Lifecycle.DeleteAfterDays]"',
  'aws backup list-backup-selections --region "$REGION" --backup-plan-id <plan> --query "BackupSelectionsList[].SelectionName"',
  'aws kms get-key-rotation-status --region "$REGION" --key-id <key>',
]

export const COMPLIANCE_REMEDIATION: StepsByHand = {
  identify: {
    commands: looks,
    goOnWhen:
      'at least one resource really protects less than its template declares; if none does, there is nothing to do.',
  },
  plan: { commands: [], goOnWhen: 'each finding has the one remedy of its code, and the order is written down.' },
  approve: { commands: [], goOnWhen: 'a second person has said yes to the written plan.' },
  remedy: {
    commands: [
      'aws s3api put-public-access-block --region "$REGION" --bucket <bucket> --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
      'aws rds copy-db-snapshot --region "$REGION" --source-db-snapshot-identifier <snapshot> --target-db-snapshot-identifier <copy> --kms-key-id "$DATABASE_KEY"',
      'aws rds wait db-snapshot-available --region "$REGION" --db-snapshot-identifier <copy>',
      'aws rds delete-db-snapshot --region "$REGION" --db-snapshot-identifier <snapshot>',
      'aws backup put-backup-vault-lock-configuration --region "$REGION" --backup-vault-name <vault> --min-retention-days <days> --max-retention-days <most>',
      'aws rds modify-db-instance --region "$REGION" --db-instance-identifier <instance> --deletion-protection --apply-immediately',
      'aws cloudtrail start-logging --region "$REGION" --name <trail>',
      'aws logs put-retention-policy --region "$REGION" --log-group-name <group> --retention-in-days <days>',
      'aws backup create-backup-selection --region "$REGION" --backup-plan-id <plan> --backup-selection file://selection.json  # as the template declares it',
      'aws backup update-backup-plan --region "$REGION" --backup-plan-id <plan> --backup-plan file://plan.json  # with the declared days',
      'aws s3api put-bucket-lifecycle-configuration --region "$REGION" --bucket <bucket> --lifecycle-configuration file://lifecycle.json  # as the template declares it',
      'aws kms enable-key-rotation --region "$REGION" --key-id <key>',
    ],
    goOnWhen:
      'every remedy of the plan was accepted, and each copy of a snapshot was available before its original was deleted.',
  },
  validate: {
    commands: [...looks, 'npx recovery posture diff cdk.out.deployed cdk.out'],
    goOnWhen: 'each resource reads as its template declares, and the posture is nowhere weaker than what is deployed.',
  },
  'update-procedure': {
    commands: [],
    goOnWhen: 'each section that a finding touches names it, with the number of the revision, the run and the time.',
  },
  train: {
    commands: ['npx recovery calendar tasks --target aws --environment "$ENVIRONMENT"'],
    goOnWhen: 'each role of the topic has been told, and its acknowledgement has a day.',
  },
  report: {
    commands: report!.commands,
    goOnWhen:
      'the incident holds the codes and resources of the findings, who approved, what the validation read, and the revision. No names of people.',
  },
}

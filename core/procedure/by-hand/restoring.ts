import type { StepsByHand } from './by-hand'

const history =
  'aws rds describe-db-instance-automated-backups --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --query "DBInstanceAutomatedBackups[0].RestoreWindow"'

/** The group that a copy, or a compromised database, stands in. */
export const closedGroup =
  'export CLOSED_SECURITY_GROUP=...  # the group that lets in the fence function, and the host of this shell, and nobody else'

const ofWriter = (query: string) =>
  `"$(aws rds describe-db-instances --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --query '${query}' --output text)"`

/** Not said, RDS gives a copy the default groups: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html */
const surroundings = `export SUBNET_GROUP=${ofWriter('DBInstances[0].DBSubnetGroup.DBSubnetGroupName')} PARAMETER_GROUP=${ofWriter('DBInstances[0].DBParameterGroups[0].DBParameterGroupName')}`

const restore = (protection: string) =>
  `aws rds restore-db-instance-to-point-in-time --region "$WRITER_REGION" --source-db-instance-identifier "$WRITER" --target-db-instance-identifier "$COPY" --restore-time "$TARGET" --no-publicly-accessible --db-subnet-group-name "$SUBNET_GROUP" --db-parameter-group-name "$PARAMETER_GROUP" --vpc-security-group-ids "$CLOSED_SECURITY_GROUP" --enable-iam-database-authentication --copy-tags-to-snapshot --tags "Key=recovery:restore,Value=by-hand" ${protection}`

/** What becomes of the copy: one that takes over is protected, one of a test is deleted. */
const PROTECTION = { kept: '--deletion-protection', removed: '--no-deletion-protection' } as const

/** Making a copy from the history, told the same wherever it is done. */
export const restoring = (choice: string, copy: keyof typeof PROTECTION): StepsByHand => ({
  [choice]: {
    commands: [
      history,
      `sql "$WRITER_HOST" "select pg_xact_commit_timestamp('<transaction>'::xid)"`,
      'export TARGET=...  # in UTC and whole seconds, rounded down, such as 2026-11-28T14:03:07Z',
      'export COPY=...  # the name of the next generation',
    ],
    goOnWhen:
      'TARGET lies inside the window and was read aloud in UTC. One that is only just too young comes into the window within some five minutes: wait for it.',
  },
  'restore-beside': {
    commands: [
      surroundings,
      closedGroup,
      restore(PROTECTION[copy]),
      'aws rds wait db-instance-available --region "$WRITER_REGION" --db-instance-identifier "$COPY"',
      'export SUCCESSOR="$COPY" SUCCESSOR_HOST="$(aws rds describe-db-instances --region "$WRITER_REGION" --db-instance-identifier "$COPY" --query \'DBInstances[0].Endpoint.Address\' --output text)"',
    ],
    goOnWhen:
      'the copy is available. The old instance is untouched. A copy whose status says failed or incompatible never comes: restore to another moment, under another name.',
  },
})

import type { StepsByHand } from './by-hand'

const history =
  'aws rds describe-db-instance-automated-backups --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --query "DBInstanceAutomatedBackups[0].RestoreWindow"'

const restore =
  'aws rds restore-db-instance-to-point-in-time --region "$WRITER_REGION" --source-db-instance-identifier "$WRITER" --target-db-instance-identifier "$COPY" --restore-time "$TARGET" --no-publicly-accessible --db-subnet-group-name "$SUBNET_GROUP" --vpc-security-group-ids "$CLOSED_SECURITY_GROUP" --enable-iam-database-authentication'

/** Making a copy from the history, told the same wherever it is done. */
export const restoring = (choice: string): StepsByHand => ({
  [choice]: {
    commands: [
      history,
      `sql "$WRITER_HOST" "select pg_xact_commit_timestamp('<transaction>'::xid)"`,
      'export TARGET=...  # in UTC, such as 2026-11-28T14:03:07Z',
      'export COPY=...  # the name of the next generation',
    ],
    goOnWhen: 'TARGET lies inside the window and is in the past, and was read aloud in UTC.',
  },
  'restore-beside': {
    commands: [
      'export SUBNET_GROUP=... CLOSED_SECURITY_GROUP=...  # as of the old instance, and the group that lets in the fence function alone',
      restore,
      'aws rds wait db-instance-available --region "$WRITER_REGION" --db-instance-identifier "$COPY"',
      'export SUCCESSOR="$COPY" SUCCESSOR_HOST="$(aws rds describe-db-instances --region "$WRITER_REGION" --db-instance-identifier "$COPY" --query \'DBInstances[0].Endpoint.Address\' --output text)"',
    ],
    goOnWhen: 'the copy is available. The old instance is untouched.',
  },
})

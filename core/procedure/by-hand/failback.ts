import type { StepsByHand } from './by-hand'
import { SHARED, switchTo } from './shared'

export const FAILBACK: StepsByHand = {
  ...SHARED,
  ...switchTo('primary'),
  decide: {
    commands: [
      'npx cdk diff "$ENVIRONMENT/*" -c "environment=$ENVIRONMENT"  # the new generation is in the topology and deployed',
      'aws rds describe-db-instances --region "$SUCCESSOR_REGION" --db-instance-identifier "$SUCCESSOR" --query "DBInstances[0].[DBInstanceStatus,ReadReplicaSourceDBInstanceIdentifier]"',
    ],
    goOnWhen: 'the new generation is available and follows the writer, the hour is quiet, and a second person agrees.',
  },
  'close-behind': {
    commands: [`sql "$SUCCESSOR_HOST" 'select clock_timestamp() - heartbeat_at as behind from recovery_guard.lease'`],
    goOnWhen: 'it is at most $CLOSE_BEHIND_SECONDS seconds behind.',
  },
  'compare-secrets': {
    commands: [
      `in_force() { aws secretsmanager list-secrets --region "$1" --query 'SecretList[].[Name,SecretVersionsToStages]' --output json | jq -r '.[] | "\\(.[0]) \\(.[1] | to_entries[] | select(.value | index("AWSCURRENT")) | .key)"' | sort; }`,
      'diff <(in_force "$WRITER_REGION") <(in_force "$SUCCESSOR_REGION")',
      '# For each that differs: its version as it is in force there, under the same id, so that the next comparison finds them equal.',
      'export SECRET=... VERSION=...',
      `aws secretsmanager get-secret-value --region "$WRITER_REGION" --secret-id "$SECRET" --version-id "$VERSION" --query SecretString --output text | tr -d '\\n' | aws secretsmanager put-secret-value --region "$SUCCESSOR_REGION" --secret-id "$SECRET" --client-request-token "$VERSION" --secret-string file:///dev/stdin`,
    ],
    goOnWhen:
      'diff prints nothing, or a second person agrees to go on with what it prints. A login whose secret differs is refused from the moment of the switch.',
  },
  'promote-secrets': {
    commands: [
      ...SHARED['promote-secrets']!.commands,
      '# From now on changes arrive in the other region again: its own copy, compared before, is replaced by one that follows.',
      'export SECRET=... OTHER_KEY=...  # for each secret that differs from none, with the alias of the key that encrypts it there',
      'aws secretsmanager replicate-secret-to-regions --region "$SUCCESSOR_REGION" --secret-id "$SECRET" --add-replica-regions "Region=$WRITER_REGION,KmsKeyId=$OTHER_KEY" --force-overwrite-replica-secret',
    ],
    goOnWhen:
      'no secret here follows the other region, and each that was the same in both regions has its copy there again. One that differed is not overwritten before somebody has seen why.',
  },
  fence: {
    commands: [...SHARED['fence']!.commands, 'export WRITTEN_UP_TO=...  # as the answer says'],
    goOnWhen:
      'the answer says "fenced". The end of a lease does not do here: it would lose what the writer still acknowledged. If it cannot be closed, take the way back of the claim: nothing is lost.',
  },
  'catch-up': {
    commands: [`sql "$SUCCESSOR_HOST" "select pg_last_wal_replay_lsn() >= '$WRITTEN_UP_TO'::pg_lsn"`],
    goOnWhen: 'it answers t. Not before: whatever is missing would be lost.',
  },
}

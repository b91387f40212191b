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

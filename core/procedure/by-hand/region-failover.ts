import type { StepsByHand } from './by-hand'
import { SHARED, switchTo } from './shared'

export const REGION_FAILOVER: StepsByHand = {
  ...SHARED,
  ...switchTo('recovery'),
  decide: {
    commands: [
      'curl -sS -m 5 -o /dev/null -w "%{http_code}\\n" "$PRIMARY_HEALTH_URL"',
      `sql "$SUCCESSOR_HOST" 'select status, last_msg_receipt_time from pg_stat_wal_receiver'`,
      'aws rds describe-db-instances --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --query "DBInstances[0].DBInstanceStatus"',
    ],
    goOnWhen:
      'the service does not answer from two places and the receiver of the replica has stalled. If only one of them says so, a second person decides, in writing.',
  },
}

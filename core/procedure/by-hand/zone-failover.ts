import type { StepsByHand } from './by-hand'
import { SHARED } from './shared'

const { serve, validate, report } = SHARED

const zone =
  'aws rds describe-db-instances --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --query "DBInstances[0].[DBInstanceStatus,AvailabilityZone,SecondaryAvailabilityZone]"'

export const ZONE_FAILOVER: StepsByHand = {
  decide: {
    commands: [
      'curl -sS -m 5 -o /dev/null -w "%{http_code}\\n" "$PRIMARY_HEALTH_URL"',
      zone,
      'aws rds describe-events --region "$WRITER_REGION" --source-type db-instance --source-identifier "$WRITER" --duration 30',
    ],
    goOnWhen:
      'the instance does not answer, the control plane of the region does, and no event says that a failover is under way. If one is, go to the next step and only wait.',
  },
  'fail-over': {
    commands: [
      'aws rds reboot-db-instance --region "$WRITER_REGION" --db-instance-identifier "$WRITER" --force-failover',
      'aws rds wait db-instance-available --region "$WRITER_REGION" --db-instance-identifier "$WRITER"',
      zone,
    ],
    goOnWhen: 'the instance is available and its zone is another one than before.',
  },
  prove: {
    commands: [
      `sql "$WRITER_HOST" "insert into recovery_guard.proof (key) values ('by-hand-$(date -u +%Y%m%dT%H%M%SZ)')"`,
      `sql "$WRITER_HOST" 'select key, written_at from recovery_guard.proof order by written_at desc limit 1'`,
    ],
    goOnWhen: 'the second session reads the row that the first one wrote.',
  },
  validate: validate!,
  serve: serve!,
  report: report!,
}

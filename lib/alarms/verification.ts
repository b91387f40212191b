import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { isReplicaCompared } from '../functions'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** What the daily look at the backups found or could not see; its silence is as bad as a finding. */
export function verificationAlarms({ policy, role }: DataRegion): AlarmSpec[] {
  const period = Duration.minutes(policy.verification.daily.everyMinutes)
  const metric = ownMetric('dailyFindings', Stats.MAXIMUM).with({ period })
  // Two periods, since a look that drifts over the edge of one leaves it empty.
  return [
    { id: 'daily-verification', metric, rings: 'above', threshold: 0, periods: 2, silence: 'rings' },
    ...(role === 'recovery' && isReplicaCompared(policy) && policy.topology.active === 'primary'
      ? [replicaNotCompared(policy.verification.replica)]
      : []),
  ]
}

/** What a comparison finds has an alarm of its own; this one rings where none came to an end, or none could read all of both. */
const replicaNotCompared = ({ everyMinutes }: DataRegion['policy']['verification']['replica']): AlarmSpec => ({
  id: 'replica-not-compared',
  metric: ownMetric('replicaComparisons', Stats.SUM).with({ period: Duration.minutes(everyMinutes) }),
  rings: 'below',
  threshold: 1,
  periods: 2,
  silence: 'rings',
})

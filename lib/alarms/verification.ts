import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** What the daily look at the backups found or could not see; its silence is as bad as a finding. */
export function verificationAlarms({ policy }: DataRegion): AlarmSpec[] {
  const period = Duration.minutes(policy.verification.daily.everyMinutes)
  const metric = ownMetric('dailyFindings', Stats.MAXIMUM).with({ period })
  // Two periods, since a look that drifts over the edge of one leaves it empty.
  return [{ id: 'daily-verification', metric, rings: 'above', threshold: 0, periods: 2, silence: 'rings' }]
}

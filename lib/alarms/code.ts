import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** What the check of the newest copy of the source code found; its silence is as bad as a finding. */
export function codeAlarms({ policy }: DataRegion): AlarmSpec[] {
  const period = Duration.minutes(policy.code.checkEveryMinutes)
  const metric = ownMetric('codeFindings', Stats.MAXIMUM).with({ period })
  // Two periods, since a check that drifts over the edge of one leaves it empty.
  return [{ id: 'code-unsound', metric, rings: 'above', threshold: 0, periods: 2, silence: 'rings' }]
}

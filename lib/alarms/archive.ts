import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** Whether the month's exports have reached the archive, in the region whose database serves: elsewhere there is nothing to export. */
export function archiveAlarms({ policy, role }: DataRegion): AlarmSpec[] {
  if (policy.topology.active !== role) return []
  const period = Duration.minutes(policy.archive.export.everyMinutes)
  const metric = ownMetric('lateArchiveExports', Stats.MAXIMUM).with({ period })
  // Two periods, since a run that drifts over the edge of one leaves it empty.
  return [{ id: 'archive-export-late', metric, rings: 'above', threshold: 0, periods: 2, silence: 'rings' }]
}

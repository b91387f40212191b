import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** Whether exports and dumps have reached the archive, in the region whose database serves: elsewhere there is nothing to export. */
export function archiveAlarms({ policy, role }: DataRegion): AlarmSpec[] {
  if (policy.topology.active !== role) return []
  const period = Duration.minutes(policy.archive.export.everyMinutes)
  const late = (id: AlarmSpec['id'], metric: 'lateArchiveExports' | 'lateArchiveDumps'): AlarmSpec => ({
    id,
    metric: ownMetric(metric, Stats.MAXIMUM).with({ period }),
    rings: 'above',
    threshold: 0,
    // A run that drifts over the edge of a period leaves it empty.
    periods: 2,
    silence: 'rings',
  })
  return [
    late('archive-export-late', 'lateArchiveExports'),
    ...(policy.archive.dump.mode === 'scheduled' ? [late('archive-dump-late', 'lateArchiveDumps')] : []),
  ]
}

import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/**
 * Whether exports and dumps have reached the archive, in the region whose database serves: elsewhere there is nothing to export.
 * Whether anybody still reads it, in each, since each has copies of its own.
 */
export function archiveAlarms({ policy, role }: DataRegion): AlarmSpec[] {
  const period = Duration.minutes(policy.archive.export.everyMinutes)
  const late = (id: AlarmSpec['id'], metric: Parameters<typeof ownMetric>[0]): AlarmSpec => ({
    id,
    metric: ownMetric(metric, Stats.MAXIMUM).with({ period }),
    rings: 'above',
    threshold: 0,
    // A run that drifts over the edge of a period leaves it empty.
    periods: 2,
    silence: 'rings',
  })
  const unread = late('archive-unread', 'unreadArchiveParts')
  if (policy.topology.active !== role) return [unread]
  return [
    late('archive-export-late', 'lateArchiveExports'),
    ...(policy.archive.dump.mode === 'scheduled' ? [late('archive-dump-late', 'lateArchiveDumps')] : []),
    unread,
  ]
}

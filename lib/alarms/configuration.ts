import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** How long a change took to be held by both regions, and whether the whole environment is backed up at its pace. */
export function configurationAlarms({ policy }: DataRegion): AlarmSpec[] {
  const period = Duration.minutes(policy.configuration.backupEveryMinutes)
  return [
    {
      id: 'configuration-late',
      metric: ownMetric('configurationCopySeconds', Stats.MAXIMUM),
      rings: 'above',
      threshold: policy.mechanisms.configurationCopySeconds,
      periods: 1,
      // Nobody changes settings all the time; a copy that fails rings as a failing function.
      silence: 'is-fine',
    },
    {
      id: 'environment-backup-missing',
      metric: ownMetric('environmentBackups', Stats.SUM).with({ period }),
      rings: 'below',
      threshold: 1,
      // Two, since a backup that drifts over the edge of a period leaves it empty.
      periods: 2,
      silence: 'rings',
    },
  ]
}

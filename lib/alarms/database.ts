import { awsMetric, type AlarmSpec, type DataRegion } from './spec'

const GIGABYTE = 1024 ** 3
/** Disks fill slowly: a quarter of an hour tells a trend from a peak. */
const SLOW = 15

/** Storage of every instance of the region, the log that the writer keeps for its replica, and how far a replica is behind. */
export function databaseAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  const { topology, mechanisms, database, operations } = policy
  const { storageFreePercent, slotLagGigabytes, logDiskGigabytes } = operations.alarms
  return topology.instances
    .filter(({ region }) => region === role)
    .flatMap(({ generation, source }): AlarmSpec[] => {
      const subject = `g${generation}`
      const of = (metricName: string) =>
        awsMetric('AWS/RDS', metricName, { DBInstanceIdentifier: names.database(generation) })
      const gigabytesAbove = (id: 'slot-lag' | 'log-disk', metricName: string, gigabytes: number): AlarmSpec => ({
        id,
        subject,
        metric: of(metricName),
        rings: 'above',
        threshold: gigabytes * GIGABYTE,
        periods: SLOW,
        silence: 'is-fine',
      })
      const follows = source !== undefined && topology.active !== role && mechanisms.replica.mode !== 'none'
      const isFollowed = topology.instances.some((other) => other.source === generation)
      return [
        {
          id: 'storage-low',
          subject,
          metric: of('FreeStorageSpace'),
          rings: 'below',
          threshold: (database.storageGigabytes * GIGABYTE * storageFreePercent) / 100,
          periods: SLOW,
          silence: 'is-fine',
        },
        ...(isFollowed
          ? [
              gigabytesAbove('slot-lag', 'OldestReplicationSlotLag', slotLagGigabytes),
              gigabytesAbove('log-disk', 'TransactionLogsDiskUsage', logDiskGigabytes),
            ]
          : []),
        ...(follows && mechanisms.replica.mode === 'cross-region'
          ? [
              {
                id: 'replica-lag',
                subject,
                metric: of('ReplicaLag'),
                rings: 'above',
                threshold: mechanisms.replica.lagAlarmSeconds,
                periods: mechanisms.replica.lagAlarmDatapoints,
                // No lag is reported by a replica that no longer follows.
                silence: 'rings',
              } as const,
            ]
          : []),
      ]
    })
}

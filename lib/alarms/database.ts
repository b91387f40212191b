import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { hasRecoveryRegion, servingGeneration } from '../../core/policy'
import type { DetectionRuleProps } from '../constructs/detection-rules'
import { awsMetric, matchesOf, ownMetric, type AlarmSpec, type DataRegion } from './spec'

const GIGABYTE = 1024 ** 3
/** Disks fill slowly: a quarter of an hour tells a trend from a peak. */
const SLOW = 15

/** EventBridge counts a rule's matches each minute. */
const EVENT_MINUTES = 1

/**
 * A failover to the standby of another zone has begun by itself: `Multi-AZ instance failover started`.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export const databaseEvents = (region: DataRegion): DetectionRuleProps[] =>
  servesHere(region)
    ? [
        {
          purpose: 'database-failing-over',
          pattern: {
            source: ['aws.rds'],
            'detail-type': ['RDS DB Instance Event'],
            detail: {
              EventID: ['RDS-EVENT-0013'],
              SourceIdentifier: [region.names.database(region.serving(region.role))],
            },
          },
        },
      ]
    : []

const servesHere = ({ role, policy }: Pick<DataRegion, 'role' | 'policy'>): boolean => policy.topology.active === role

/**
 * Counters of the serving database are looked at in each data region, and published where it writes. Silence opens no incident:
 * a function that fails has an alarm of its own.
 */
export const changeAlarms = ({ policy }: DataRegion): AlarmSpec[] =>
  hasRecoveryRegion(policy)
    ? [
        {
          id: 'rows-changing',
          metric: ownMetric('changeFindings', Stats.MAXIMUM),
          rings: 'above',
          threshold: 0,
          periods: 1,
          silence: 'is-fine',
        },
      ]
    : []

/** Storage of every instance of the region, the log that the writer keeps for its replicas, and how far a replica is behind. */
export function databaseAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  const { topology, mechanisms, operations } = policy
  const { slotLagGigabytes, logDiskGigabytes } = operations.alarms
  const { replica, delayedReplica } = mechanisms
  const of = (generation: number, metricName: string) =>
    awsMetric('AWS/RDS', metricName, { DBInstanceIdentifier: names.database(generation) })
  const slow = { periods: SLOW, silence: 'is-fine' } as const
  const storageLow = (generation: number): AlarmSpec => ({
    id: 'storage-low',
    subject: `g${generation}`,
    metric: of(generation, 'FreeStorageSpace'),
    rings: 'below',
    threshold: leastStorage(policy),
    ...slow,
  })
  const writer = servingGeneration(topology, topology.active)
  const own = topology.instances.filter(({ region }) => region === role)
  // How far it is behind says nothing of a replica that is behind on purpose; what it received waits on its own disk.
  const delayed =
    delayedReplica.mode === 'delayed' && own.some(({ generation }) => generation === delayedReplica.source)
      ? delayedReplica
      : undefined
  const sources = new Set([...topology.instances.map(({ source }) => source), delayed?.source])
  return [
    ...(servesHere({ role, policy })
      ? [
          {
            id: 'database-failing-over',
            metric: matchesOf(names.eventRule('database-failing-over'), EVENT_MINUTES),
            rings: 'above',
            threshold: 0,
            periods: 1,
            silence: 'is-fine',
          } as const,
        ]
      : []),
    ...own.flatMap(({ generation, source }): AlarmSpec[] => {
      const subject = `g${generation}`
      const gigabytesAbove = (id: 'slot-lag' | 'log-disk', metricName: string, gigabytes: number): AlarmSpec => ({
        id,
        subject,
        metric: of(generation, metricName),
        rings: 'above',
        threshold: gigabytes * GIGABYTE,
        ...slow,
      })
      return [
        storageLow(generation),
        ...(sources.has(generation)
          ? [
              gigabytesAbove('slot-lag', 'OldestReplicationSlotLag', slotLagGigabytes),
              gigabytesAbove('log-disk', 'TransactionLogsDiskUsage', logDiskGigabytes),
            ]
          : []),
        // Of what follows the writer: one that was promoted, or that followed a writer of before, would ring for good.
        ...(source !== undefined && source === writer && replica.mode === 'cross-region'
          ? [
              {
                id: 'replica-lag',
                subject,
                metric: of(generation, 'ReplicaLag'),
                rings: 'above',
                threshold: replica.lagAlarmSeconds,
                periods: replica.lagAlarmDatapoints,
                // No lag is reported by a replica that no longer follows.
                silence: 'rings',
              } as const,
            ]
          : []),
      ]
    }),
    ...(delayed ? [storageLow(delayed.generation)] : []),
  ]
}

/** Free storage below which the alarm rings; bytes. */
const leastStorage = ({ database, operations: { alarms } }: DataRegion['policy']): number =>
  (database.storageGigabytes * GIGABYTE * alarms.storageFreePercent) / 100

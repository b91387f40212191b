import type { Policy } from '../policy'

/** One part of an outage at production's own pace, and what it rests on. */
export interface ProjectedItem {
  readonly name: string
  readonly seconds: number
  readonly assumption: string
}

export interface Projection {
  readonly items: readonly ProjectedItem[]
  readonly totalSeconds: number
}

/** Health is looked at, and alarms are evaluated, once a minute. */
const LOOK_SECONDS = 60

/**
 * What production's own settings would make of the rehearsed failover: the worst case of each wait that the policy
 * sets, the timeout of each step whose length depends on AWS or on the size of the data, and what the drill measured
 * for the clients. A bound, not a forecast.
 */
export function projectRegionFailover(
  policy: Pick<Policy, 'pace' | 'failover' | 'applicationTier' | 'operations'>,
  measured: { readonly reconnectSeconds: number },
): Projection {
  const { lease, dns, fenceAttemptSeconds, pollEverySeconds } = policy.pace
  const { timeouts } = policy.failover
  const tier = policy.applicationTier
  const items: ProjectedItem[] = [
    detection(policy),
    {
      name: 'fence',
      seconds: fenceAttemptSeconds + lease.durationSeconds + lease.marginSeconds,
      assumption: `the old primary does not answer for ${fenceAttemptSeconds} s; its whole lease of ${lease.durationSeconds} s and the margin of ${lease.marginSeconds} s are waited out`,
    },
    {
      name: 'promote',
      seconds: timeouts.promoteSeconds,
      assumption: 'RDS names no upper bound ("several minutes or longer"), so the timeout of the step is taken',
    },
    {
      name: 'switch',
      seconds: dns.ttlSeconds + pollEverySeconds,
      assumption: `clients remember the served name for ${dns.ttlSeconds} s; the runbook looks every ${pollEverySeconds} s`,
    },
    {
      name: 'validate',
      seconds: timeouts.validateSeconds,
      assumption: 'production holds more data than a rehearsal, so the timeout of the step is taken',
    },
    ...(tier.mode === 'none'
      ? []
      : [
          {
            name: 'application',
            seconds: tier.healthySeconds,
            assumption: 'the application is well at the very end of the time that the policy gives it',
          },
        ]),
    reconnection(measured),
  ]
  return { items, totalSeconds: items.reduce((total, { seconds }) => total + seconds, 0) }
}

/**
 * The same of a failover inside the region. Clients are served before the data is validated, since the standby is the same
 * database; what they remember is the address of the instance.
 */
export function projectZoneFailover(
  policy: Pick<Policy, 'pace' | 'failover' | 'operations'>,
  measured: { readonly reconnectSeconds: number },
): Projection {
  const { dns, pollEverySeconds } = policy.pace
  const items: ProjectedItem[] = [
    detection(policy),
    {
      name: 'fail over',
      seconds: policy.failover.timeouts.promoteSeconds,
      assumption:
        'RDS names 60 to 120 s as typical and no upper bound (RDS user guide, Multi-AZ instance), so the timeout of the step is taken',
    },
    {
      name: 'switch',
      seconds: dns.ttlSeconds + pollEverySeconds,
      assumption: `clients remember an address for ${dns.ttlSeconds} s at most; the runbook looks every ${pollEverySeconds} s`,
    },
    reconnection(measured),
  ]
  return { items, totalSeconds: items.reduce((total, { seconds }) => total + seconds, 0) }
}

/**
 * The same of a recovery to a point in time: a person decides, and what the service ships its log by and restores at are
 * the policy's own assumptions.
 */
export function projectPointInTimeRecovery(
  policy: Pick<Policy, 'pace' | 'failover' | 'mechanisms' | 'database'>,
  measured: { readonly reconnectSeconds: number },
): Projection {
  const { pace, failover, mechanisms, database } = policy
  const { sizeGigabytes, restoreGigabytesPerHour } = database
  const items: ProjectedItem[] = [
    {
      name: 'decide',
      seconds: failover.approvalExpiresSeconds,
      assumption: 'a second person answers at the very end of the time that the policy gives',
    },
    {
      name: 'fence',
      seconds: pace.fenceAttemptSeconds + pace.lease.durationSeconds + pace.lease.marginSeconds,
      assumption: 'the old database does not answer, and its lease has just been renewed',
    },
    {
      name: 'restore',
      seconds: mechanisms.pointInTimeLogSeconds + (sizeGigabytes / restoreGigabytesPerHour) * 3600,
      assumption: `the log is shipped every ${mechanisms.pointInTimeLogSeconds} s; ${sizeGigabytes} GB at ${restoreGigabytesPerHour} GB an hour`,
    },
    {
      name: 'validate',
      seconds: failover.timeouts.validateSeconds,
      assumption: 'the validation takes all the time that the policy gives it',
    },
    {
      name: 'switch',
      seconds: pace.dns.ttlSeconds + pace.pollEverySeconds,
      assumption: `clients remember the name for ${pace.dns.ttlSeconds} s at most`,
    },
    reconnection(measured),
  ]
  return { items, totalSeconds: items.reduce((total, { seconds }) => total + seconds, 0) }
}

function detection({ pace, operations }: Pick<Policy, 'pace' | 'operations'>): ProjectedItem {
  const { detection: probes } = pace
  const { regionLostDatapoints } = operations.alarms
  const window = probes.probeEverySeconds * probes.consecutiveFailures
  return {
    name: 'detect',
    // The looks and a minute by which the first may be late; the silence before a look counts, and the probes of the last one.
    seconds: (regionLostDatapoints + 2) * LOOK_SECONDS + 2 * window + probes.probeTimeoutSeconds,
    assumption: `${regionLostDatapoints} looks, one a minute, find the region down, each by ${probes.consecutiveFailures} probes ${probes.probeEverySeconds} s apart that fail in a row, the last after its ${probes.probeTimeoutSeconds} s, and by a replica that has heard nothing for ${window} s; a minute each for the schedule and for CloudWatch`,
  }
}

const reconnection = ({ reconnectSeconds }: { readonly reconnectSeconds: number }): ProjectedItem => ({
  name: 'reconnect',
  seconds: reconnectSeconds,
  assumption: 'as measured here, clients with the same recipe',
})

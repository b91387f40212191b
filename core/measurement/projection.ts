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
  const { detection, lease, dns, fenceAttemptSeconds, pollEverySeconds } = policy.pace
  const { timeouts } = policy.failover
  const { regionLostDatapoints } = policy.operations.alarms
  const window = detection.probeEverySeconds * detection.consecutiveFailures
  const tier = policy.applicationTier
  const items: ProjectedItem[] = [
    {
      name: 'detect',
      // The looks and a minute by which the first may be late; the silence before a look counts, and the probes of the last one.
      seconds: (regionLostDatapoints + 2) * LOOK_SECONDS + 2 * window + detection.probeTimeoutSeconds,
      assumption: `${regionLostDatapoints} looks, one a minute, find the region down, each by ${detection.consecutiveFailures} probes ${detection.probeEverySeconds} s apart that fail in a row, the last after its ${detection.probeTimeoutSeconds} s, and by a replica that has heard nothing for ${window} s; a minute each for the schedule and for CloudWatch`,
    },
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
    {
      name: 'reconnect',
      seconds: measured.reconnectSeconds,
      assumption: 'as measured here, clients with the same recipe',
    },
  ]
  return { items, totalSeconds: items.reduce((total, { seconds }) => total + seconds, 0) }
}

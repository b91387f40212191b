import type { Policy } from '../schema'
import { rule, when, type Finding, type Rules } from './rule'

const leaseIsRenewedInTime = rule(
  'a guard may miss two renewals before the primary stops',
  ['pace.lease.durationSeconds', 'pace.lease.renewEverySeconds'],
  (policy) =>
    atBothPaces(policy, ({ lease }, path) =>
      when(
        lease.durationSeconds < 3 * lease.renewEverySeconds,
        `${path}.lease.durationSeconds`,
        `is ${lease.durationSeconds} with a renewal every ${lease.renewEverySeconds}`,
        `use at least ${3 * lease.renewEverySeconds}`,
      ),
    ),
)

const marginCoversClocks = rule(
  'the promoter waits longer than the lease by more than clocks can drift',
  ['pace.lease.marginSeconds', 'pace.lease.durationSeconds'],
  (policy) =>
    atBothPaces(policy, ({ lease }, path) =>
      when(
        lease.marginSeconds < lease.durationSeconds * 0.1,
        `${path}.lease.marginSeconds`,
        `is ${lease.marginSeconds}, less than a tenth of the lease`,
        `use at least ${lease.durationSeconds * 0.1}`,
      ),
    ),
)

const probeAnswersBeforeDeclaration = rule(
  'a failure is declared on answers, not on probes still waiting',
  ['pace.detection.probeTimeoutSeconds', 'pace.detection.probeEverySeconds', 'pace.detection.consecutiveFailures'],
  (policy) =>
    atBothPaces(policy, ({ detection: d }, path) =>
      when(
        d.probeTimeoutSeconds >= d.probeEverySeconds * d.consecutiveFailures,
        `${path}.detection.probeTimeoutSeconds`,
        `is ${d.probeTimeoutSeconds}, as long as the whole detection`,
        'shorten it',
      ),
    ),
)

const pauseIsNoFailure = rule(
  'a pause of one second never starts a failover',
  ['pace.detection.probeEverySeconds', 'pace.detection.consecutiveFailures'],
  (policy) =>
    atBothPaces(policy, ({ detection: d }, path) =>
      when(
        d.probeEverySeconds * d.consecutiveFailures < 1.2,
        `${path}.detection.consecutiveFailures`,
        `declares after ${d.probeEverySeconds * d.consecutiveFailures} s`,
        'need at least 1.2 s of failure',
      ),
    ),
)

const fenceAttemptFitsTheLease = rule(
  'trying to fence directly never delays the failover',
  ['pace.fenceAttemptSeconds', 'pace.lease'],
  (policy) =>
    atBothPaces(policy, ({ fenceAttemptSeconds, lease }, path) =>
      when(
        fenceAttemptSeconds > lease.durationSeconds + lease.marginSeconds,
        `${path}.fenceAttemptSeconds`,
        `is ${fenceAttemptSeconds}, longer than the wait for the lease`,
        'shorten it',
      ),
    ),
)

const fenceTimeoutCoversTheLease = rule(
  'the fence step never times out before the lease can end',
  ['failover.timeouts.fenceSeconds', 'pace.lease', 'pace.fenceAttemptSeconds'],
  ({ failover: { timeouts }, pace }) => {
    const needed = pace.lease.durationSeconds + pace.lease.marginSeconds + pace.fenceAttemptSeconds
    return when(
      timeouts.fenceSeconds <= needed,
      'failover.timeouts.fenceSeconds',
      `is ${timeouts.fenceSeconds}, lease and attempt need ${needed}`,
      'raise it',
    )
  },
)

const switchOutlastsTheCache = rule(
  'the switch step waits out what clients may have cached',
  ['failover.timeouts.switchSeconds', 'pace.dns.ttlSeconds'],
  ({ failover: { timeouts }, pace: { dns } }) =>
    when(
      timeouts.switchSeconds <= dns.ttlSeconds,
      'failover.timeouts.switchSeconds',
      `is ${timeouts.switchSeconds}, the TTL is ${dns.ttlSeconds}`,
      'raise it above the TTL',
    ),
)

const rehearsalIsFaster = rule(
  'the rehearsal never claims a pace slower than production to look good',
  ['rehearsal.pace.lease.durationSeconds', 'pace.lease.durationSeconds'],
  ({ rehearsal, pace }) =>
    when(
      rehearsal.pace.lease.durationSeconds > pace.lease.durationSeconds,
      'rehearsal.pace.lease.durationSeconds',
      'is longer than in production',
      'shorten it',
    ),
)

const atBothPaces = (
  { pace, rehearsal }: Policy,
  check: (pace: Policy['pace'], path: string) => readonly Finding[],
): readonly Finding[] => [...check(pace, 'pace'), ...check(rehearsal.pace, 'rehearsal.pace')]

export const paceRules: Rules = {
  leaseIsRenewedInTime,
  marginCoversClocks,
  probeAnswersBeforeDeclaration,
  pauseIsNoFailure,
  fenceAttemptFitsTheLease,
  fenceTimeoutCoversTheLease,
  switchOutlastsTheCache,
  rehearsalIsFaster,
}

import type { Policy } from '../../core/policy'
import { resolvePolicy } from '../../policy'

/**
 * The policy of the environment 'test' with a lease that a machine keeps on which other suites are at work beside: rehearsals
 * have one of little more than a second, and whoever gets no turn for as long loses it for a reason of its own.
 */
export function calmPolicy(): Policy {
  const policy = resolvePolicy('test')
  const { pace } = policy.rehearsal
  const lease = { ...pace.lease, durationSeconds: 4, marginSeconds: 0.5 }
  return { ...policy, rehearsal: { ...policy.rehearsal, pace: { ...pace, lease } } }
}

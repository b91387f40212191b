import { assertFeasible, parsePolicy, type Policy } from '../core/policy'
import { valueAt } from '../core/policy/at-path'
import { merge } from '../core/policy/merge'
import { OVERLAYS } from './environments'
import { neonpro } from './neonpro'

export const ENVIRONMENTS: readonly Policy['environment'][] = ['production', 'staging', 'test']

/** The base with the overlay of an environment laid over it, unchecked. */
export const composePolicy = (environment: Policy['environment']): unknown => merge(neonpro, OVERLAYS[environment])

/**
 * NeonPro's policy for one environment, checked. Throws PolicyError with every problem at once, and an error with the
 * feasibility table when a promise cannot be kept: nothing is synthesized or rehearsed on such a policy.
 */
export function resolvePolicy(environment: Policy['environment']): Policy {
  const policy = parsePolicy(composePolicy(environment))
  assertFeasible(policy)
  return policy
}

/** Whether a value comes from the base or from the overlay of the environment. */
export function originOf(environment: Policy['environment'], path: string): string {
  const at = valueAt(OVERLAYS[environment], path.split('.'))
  return at === undefined ? 'policy/neonpro.ts' : `policy/environments.ts (${environment})`
}

import { isDeepStrictEqual } from 'node:util'
import { assertFeasible, parsePolicy, type Policy } from '../core/policy'
import { valueAt } from '../core/policy/at-path'
import { merge } from '../core/policy/merge'
import { OVERLAYS } from './environments'
import { neonpro } from './neonpro'
import { choosePreset, type PresetChoice } from './preset-choice'

export { parsePresetChoice, type PresetChoice } from './preset-choice'

export const ENVIRONMENTS: readonly Policy['environment'][] = ['production', 'staging', 'test']

/** The base with the overlay of an environment laid over it, unchecked. */
export const composePolicy = (environment: Policy['environment']): unknown => merge(neonpro, OVERLAYS[environment])

/**
 * NeonPro's policy for one environment with the recovery region that was chosen, parsed but not judged for feasibility.
 * Throws PolicyError with every problem at once.
 *
 * @param choice default: the recovery region that policy/neonpro.ts names
 */
export function readPolicy(environment: Policy['environment'], choice?: PresetChoice): Policy {
  const policy = parsePolicy(composePolicy(environment))
  return choice ? parsePolicy(choosePreset(policy, choice)) : policy
}

/**
 * The policy as `readPolicy` gives it, judged. Throws an error with the feasibility table when a promise cannot be kept:
 * nothing is synthesized or rehearsed on such a policy.
 */
export function resolvePolicy(environment: Policy['environment'], choice?: PresetChoice): Policy {
  const policy = readPolicy(environment, choice)
  assertFeasible(policy)
  return policy
}

/** Whether a value comes from the base, from the overlay of the environment or from the chosen preset. */
export function originOf(environment: Policy['environment'], path: string, choice?: PresetChoice): string {
  const at = path.split('.')
  if (
    choice &&
    !isDeepStrictEqual(valueAt(readPolicy(environment, choice), at), valueAt(composePolicy(environment), at))
  )
    return `policy/presets.ts (${choice.preset})`
  return valueAt(OVERLAYS[environment], at) === undefined
    ? 'policy/neonpro.ts'
    : `policy/environments.ts (${environment})`
}

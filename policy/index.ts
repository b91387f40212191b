import { parsePolicy, type Policy } from '../core/policy'
import { merge } from '../core/policy/merge'
import { OVERLAYS } from './environments'
import { neonpro } from './neonpro'

export const ENVIRONMENTS = Object.keys(OVERLAYS) as Policy['environment'][]

/** NeonPro's policy for one environment, checked. Throws PolicyError with every problem at once. */
export const resolvePolicy = (environment: Policy['environment']): Policy =>
  parsePolicy(merge(neonpro, OVERLAYS[environment]))

/** Whether a value comes from the base or from the overlay of the environment. */
export function originOf(environment: Policy['environment'], path: string): string {
  let at: unknown = OVERLAYS[environment]
  for (const key of path.split('.'))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
  return at === undefined ? 'policy/neonpro.ts' : `policy/environments.ts (${environment})`
}

import { UserError } from '../user-error'
import type { Policy } from './schema'

/** A policy with a recovery region and a witness, which is what every cross-region mechanism and a region failover need. */
export type TwoRegionPolicy = Policy & {
  readonly topology: Exclude<Policy['topology'], { readonly preset: 'brazil-only' }>
}

export const hasRecoveryRegion = (policy: Policy): policy is TwoRegionPolicy => policy.topology.preset !== 'brazil-only'

/** The same policy for what cannot work without a recovery region. Throws UserError where the topology has none. */
export function withRecoveryRegion(policy: Policy): TwoRegionPolicy {
  if (hasRecoveryRegion(policy)) return policy
  throw new UserError(
    'RECOVERY_REGION_MISSING',
    `this needs a recovery region, but topology.preset is '${policy.topology.preset}'`,
    'choose a preset that has one',
  )
}

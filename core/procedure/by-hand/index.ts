import type { ExecutableRunbook } from '../../runbook/runbooks'
import type { StepsByHand } from './by-hand'
import { FAILBACK } from './failback'
import { REGION_FAILOVER } from './region-failover'
import { ZONE_FAILOVER } from './zone-failover'

export type { ByHand } from './by-hand'

/** Every step of every runbook; a test compares them. */
export const BY_HAND: Readonly<Record<ExecutableRunbook, StepsByHand>> = {
  'zone-failover': ZONE_FAILOVER,
  'region-failover': REGION_FAILOVER,
  failback: FAILBACK,
}

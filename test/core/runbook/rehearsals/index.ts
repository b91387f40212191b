import { failback } from './failback'
import { regionFailover } from './region-failover'
import type { Rehearsal } from './rehearsal'
import { zoneFailover } from './zone-failover'

/** One for every runbook; a test compares them with the registry. */
export const REHEARSALS: readonly Rehearsal[] = [zoneFailover, regionFailover, failback]

export * from './rehearsal'

import type { OperatorWorld } from '../../core/operator'
import type { InstanceRef } from '../../core/ports/database'
import { previewsOver, type Previews } from '../../core/runbook/plan/previews'
import { regionFailover } from '../../core/runbook/region-failover'
import { MemoryWorld } from './world'

/** Looks at databases that do not exist, and at the coordination and the ledger as they are: for rehearsals of plans. */
export function rehearsedPreviews(
  { policy, places, clock }: Pick<OperatorWorld, 'policy' | 'places' | 'clock'>,
  { primary, replica }: { readonly primary: InstanceRef; readonly replica: InstanceRef },
): Previews {
  const { lease, dns } = policy.pace
  const nowhere = new MemoryWorld({ lease, promotionSeconds: 0, ttlSeconds: dns.ttlSeconds })
  nowhere.addReplica(replica, primary)
  nowhere.heartbeat = { sequence: 1, at: clock.now().toISOString() }
  return previewsOver(regionFailover, { ...nowhere.ports(), coordination: places, clock })
}

import { MemoryWorld, PRIMARY, REPLICA, type WorldSettings } from '../../../adapters/memory/world'
import type { Policy } from '../../../core/policy'
import { resolveMoveInput } from '../../../core/runbook/steps/resolve-input'
import type { MoveInput } from '../../../core/runbook/steps/input'
import type { NewRun } from '../../../core/runbook/reducer'
import { resolvePolicy } from '../../../policy'

export const policy = resolvePolicy('test')

/** What every rehearsed run is, whatever it does. */
export const RUN = { runId: 'run-1', mode: 'real', startedBy: 'detector' } as const

/** Something to bring up besides the database. */
export const TIER: Policy['applicationTier'] = {
  mode: 'hooks',
  hooks: [{ kind: 'invoke-function', name: 'clinic', function: 'bring-up' }],
  healthySeconds: 60,
}

/** A failover as the policy wants it, by somebody who is not the one who approves. */
export const failover = (change: Partial<MoveInput> = {}): NewRun<MoveInput> => ({
  ...RUN,
  input: {
    ...resolveMoveInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'REGION_LOST',
      writer: PRIMARY,
      successor: REPLICA,
      operation: 'automatic',
      applicationTier: TIER,
    }),
    ...change,
  },
})

/** A world at the policy's own pace. */
export const world = (change: Partial<WorldSettings> = {}): Promise<MemoryWorld> =>
  new MemoryWorld({
    lease: policy.pace.lease,
    promotionSeconds: 120,
    ttlSeconds: policy.pace.dns.ttlSeconds,
    ...change,
  }).start()

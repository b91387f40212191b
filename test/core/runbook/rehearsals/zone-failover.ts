import { PRIMARY, REPLICA, type MemoryWorld } from '../../../../adapters/memory/world'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { resolveZoneFailoverInput } from '../../../../core/runbook/zone-failover/input'
import { policy, RUN, TIER, world } from '../failover'
import { answered, APPLICATION, approvals, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

const success: Scenario = { name: 'success', ends: 'succeeded' }
const byItself: Scenario = {
  name: 'a failover that the control plane began by itself',
  prepare: async (around) => void (await around.ports().zoneStandby.failOver(PRIMARY, { key: 'the control plane' })),
  ends: 'succeeded',
}
const doubtful = (around: MemoryWorld) => void (around.signals = ['down', 'up'])

/** The instance died; its standby, the region and everything else are well. */
async function zoneLost(settings: Parameters<typeof world>[0]): Promise<MemoryWorld> {
  const around = await world({ zoneFailoverSeconds: 90, ...settings })
  around.primary.alive = false
  if (TIER.mode === 'hooks') await around.application.bringUp(TIER.hooks[0]!, { key: 'deployment' })
  // Its guard renews the lease once the standby has taken over, which is what lets clients in again.
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    await around.guard('primary')
  }
  return around
}

export const zoneFailover: Rehearsal = {
  runbook: runbookNamed('zone-failover'),
  world: zoneLost,
  run: () => ({
    ...RUN,
    input: resolveZoneFailoverInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'ZONE_LOST',
      instance: PRIMARY,
      observer: REPLICA,
      operation: 'automatic',
      applicationTier: TIER,
    }),
  }),
  scenarios: [
    success,
    byItself,
    DRY,
    ...approvals('decide'),
    ...APPLICATION,
    { name: 'a retry that helps', prepare: failing('zoneStandby.failOver', 'throttled', 2), ends: 'succeeded' },
    {
      name: 'a control plane that refuses',
      prepare: failing('zoneStandby.failOver', 'denied'),
      ends: 'fail-over INJECTED_DENIED',
    },
    { name: 'a timeout', world: { zoneFailoverSeconds: 10_000 }, ends: 'fail-over TIMEOUT' },
    {
      name: 'an instance that is no writer',
      prepare: (around) => void (around.primary.role = 'replica'),
      ends: 'fail-over NOT_THE_WRITER',
    },
    { name: 'a safe stop', prepare: (around) => void (around.verdict = 'fail'), ends: 'validate DATA_INVALID' },
    { name: 'doubt that nobody ends', prepare: doubtful, ends: 'decide APPROVAL_EXPIRED' },
    {
      name: 'doubt that a person ends',
      prepare: (around) => {
        doubtful(around)
        answered(true)(around)
      },
      ends: 'succeeded',
    },
  ],
  crashes: [success, byItself],
}

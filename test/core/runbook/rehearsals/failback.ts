import { endLease } from '../../../../adapters/memory/database-node'
import { PRIMARY, REPLICA, type MemoryWorld } from '../../../../adapters/memory/world'
import { newestEpoch, readEpoch, raiseEpoch } from '../../../../core/coordination/writer-epoch'
import { resolveFailbackInput } from '../../../../core/runbook/failback/input'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { policy, RUN, TIER, world } from '../failover'
import { answered, APPLICATION, approvals, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

/** What was rebuilt in the primary region after it was lost. */
export const RETURNED = { region: PRIMARY.region, instance: 'clinic-g3' }

/** The recovery region serves since a failover, and a new generation in the primary region follows its writer. */
export async function servedFromRecovery(settings: Parameters<typeof world>[0] = {}): Promise<MemoryWorld> {
  const around = await world(settings)
  const held = newestEpoch([await readEpoch(around.stores.recovery)])!
  const epoch = held.epoch + 1
  for (const place of ['recovery', 'witness'] as const) {
    await raiseEpoch(around.stores[place], { epoch, holder: REPLICA.region, raisedBy: 'failover', continues: epoch })
    await around.ports().trafficSwitch.point(place, { region: REPLICA.region, epoch, key: 'failover' })
  }
  endLease(around.primary, epoch)
  Object.assign(around.replica, {
    role: 'primary',
    loginsOpen: true,
    epoch,
    leaseUntilMs: settings.lease?.durationSeconds ?? 60_000,
  })
  await around.secretCopies.standAlone(REPLICA.region)
  around.addReplica(RETURNED, REPLICA)
  around.fence = 'reachable'
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    await around.guard(REPLICA)
  }
  await around.clock.sleep(policy.pace.dns.ttlSeconds * 1000)
  around.effects.length = 0
  around.recorder.calls.length = 0
  around.recorder.requests.length = 0
  return around
}

const success: Scenario = { name: 'success', ends: 'succeeded' }
/** A secret was rotated while the recovery region served. */
const rotatedAway = (around: MemoryWorld) => around.secretCopies.change('application', REPLICA.region)
const neverThere: Scenario = {
  name: 'a successor that never holds everything: the writer gets its right back',
  prepare: (around) => void (around.replicaBehind = 1),
  ends: 'catch-up TIMEOUT',
}

export const failback: Rehearsal = {
  runbook: runbookNamed('failback'),
  world: servedFromRecovery,
  run: () => ({
    ...RUN,
    input: resolveFailbackInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'REGION_BACK',
      writer: REPLICA,
      successor: RETURNED,
      operation: 'automatic',
      applicationTier: TIER,
    }),
  }),
  scenarios: [
    success,
    neverThere,
    DRY,
    ...approvals('decide'),
    ...APPLICATION,
    { name: 'a retry that helps', prepare: failing('database.holdsUpTo', 'throttled', 2), ends: 'succeeded' },
    { name: 'a secret that nobody brought back', prepare: rotatedAway, ends: 'compare-secrets APPROVAL_EXPIRED' },
    {
      name: 'a secret that a person goes on without',
      prepare: async (around) => {
        rotatedAway(around)
        answered(true)(around)
      },
      ends: 'succeeded',
    },
    {
      name: 'a writer that cannot be closed',
      prepare: (around) => void (around.fence = 'not-proven'),
      ends: 'fence CANNOT_FENCE',
    },
    {
      name: 'a writer that does not answer',
      prepare: (around) => void (around.fence = 'unreachable'),
      ends: 'fence WRITER_SILENT',
    },
    {
      name: 'a successor that was never rebuilt',
      run: { input: { successor: { region: PRIMARY.region, instance: 'clinic-g9' } } },
      ends: 'decide NOT_REBUILT',
    },
    {
      name: 'a successor that is the old primary',
      run: { input: { successor: PRIMARY } },
      ends: 'decide NOT_A_REPLICA',
    },
    {
      name: 'a successor that is hours behind',
      prepare: (around) => void (around.heartbeat = { sequence: 1, at: '2025-12-31T20:00:00.000Z' }),
      ends: 'close-behind TIMEOUT',
    },
    { name: 'a timeout', world: { promotionSeconds: 10_000 }, ends: 'promote TIMEOUT' },
    { name: 'a safe stop', prepare: (around) => void (around.verdict = 'fail'), ends: 'validate DATA_INVALID' },
  ],
  crashes: [success, neverThere],
}

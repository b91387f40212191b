import { PRIMARY, type MemoryWorld } from '../../../../adapters/memory/world'
import { resolvePointInTimeInput } from '../../../../core/runbook/point-in-time-recovery/input'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { policy, RUN, TIER, world } from '../failover'
import { answered, APPLICATION, approvals, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

/** The copy to be made, in the region of the damaged database. */
export const COPY = { region: PRIMARY.region, instance: 'clinic-g3' }
const TRANSACTION = '4711'

/** A damaged database that is alive, served and guarded, as is whatever else stands beside it. */
export async function damaged(settings: Parameters<typeof world>[0] = {}): Promise<MemoryWorld> {
  const around = await world({ restoreSeconds: 20, ...settings })
  around.fence = 'reachable'
  around.moments.set(TRANSACTION, new Date(around.clock.now().getTime() - 3_600_000).toISOString())
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    for (const ref of [PRIMARY, COPY]) if (around.has(ref)) await around.guard(ref)
  }
  return around
}

const success: Scenario = { name: 'success', ends: 'succeeded' }
const badCopy: Scenario = {
  name: 'a copy that is bad too: the old database gets its right and its clients back',
  prepare: (around) => void (around.verdict = 'fail'),
  ends: 'validate DATA_INVALID',
}
const at = (target: object): Scenario['run'] => ({ input: { target } })
const timeAgo = (seconds: number) => (around: MemoryWorld) =>
  void around.moments.set(TRANSACTION, new Date(around.clock.now().getTime() - seconds * 1000).toISOString())

export const pointInTimeRecovery: Rehearsal = {
  runbook: runbookNamed('point-in-time-recovery'),
  world: damaged,
  run: () => ({
    ...RUN,
    input: resolvePointInTimeInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'DATA_REWRITTEN',
      writer: PRIMARY,
      successor: COPY,
      target: { kind: 'transaction', id: TRANSACTION },
      operation: 'automatic',
      applicationTier: TIER,
    }),
  }),
  scenarios: [
    success,
    badCopy,
    DRY,
    ...approvals('decide'),
    ...APPLICATION,
    {
      name: 'a fence that answers only by its lease',
      prepare: (around) => void (around.fence = 'unreachable'),
      ends: 'succeeded',
    },
    {
      name: 'a marker',
      prepare: (around) =>
        void around.moments.set('release-7', new Date(around.clock.now().getTime() - 600_000).toISOString()),
      run: at({ kind: 'marker', name: 'release-7' }),
      ends: 'succeeded',
    },
    { name: 'a marker that nobody set', run: at({ kind: 'marker', name: 'release-8' }), ends: 'decide TARGET_UNKNOWN' },
    { name: 'a moment in the future', prepare: timeAgo(-60), ends: 'decide TARGET_IN_FUTURE' },
    { name: 'a moment before all history', prepare: timeAgo(36 * 86_400), ends: 'decide TARGET_OUT_OF_REACH' },
    { name: 'a moment that the history does not hold yet', prepare: timeAgo(60), ends: 'decide TARGET_OUT_OF_REACH' },
    {
      name: 'a marker that was set anew while people were asked',
      prepare: (around) => {
        answered(true)(around)
        const sleep = around.clock.sleep.bind(around.clock)
        around.clock.sleep = async (ms) => {
          timeAgo(1800)(around)
          await sleep(ms)
        }
      },
      run: { input: { operation: 'approval' } },
      ends: 'decide TARGET_MOVED',
    },
    { name: 'a retry that helps', prepare: failing('restore.begin', 'throttled', 2), ends: 'succeeded' },
    {
      name: 'retries that do not',
      prepare: failing('restore.begin', 'throttled'),
      ends: 'restore-beside INJECTED_THROTTLED',
    },
    {
      name: 'a restore that fails',
      prepare: (around) => void (around.restoreFails = true),
      ends: 'restore-beside RESTORE_FAILED',
    },
    { name: 'a timeout', world: { restoreSeconds: 100_000 }, ends: 'restore-beside TIMEOUT' },
    {
      name: 'a copy that exists already',
      run: { input: { successor: { region: PRIMARY.region, instance: PRIMARY.instance } } },
      ends: 'restore-beside COPY_EXISTS',
    },
    {
      name: 'later writes that cannot be told',
      prepare: (around) => void (around.laterWrites.told = { kind: 'inconclusive', code: 'COMMIT_TIMES_OFF' }),
      ends: 'succeeded',
    },
    {
      name: 'later writes that nobody may read',
      prepare: failing('laterWrites.list', 'denied'),
      ends: 'succeeded',
    },
    {
      name: 'an old database that still writes',
      prepare: (around) => void (around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }),
      ends: 'confirm STILL_WRITING',
    },
  ],
  crashes: [success, badCopy],
}

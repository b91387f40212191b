import { PRIMARY, type MemoryWorld } from '../../../../adapters/memory/world'
import { resolveRestoreTestInput } from '../../../../core/runbook/restore-test/input'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { policy, RUN, world } from '../failover'
import { DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

const COPY = { region: PRIMARY.region, instance: 'clinic-test-1' }

/** The database serves, and its copy finds the heartbeat that it held at the moment restored. */
async function serving(settings: Parameters<typeof world>[0] = {}): Promise<MemoryWorld> {
  const around = await world({ restoreSeconds: 20, ...settings })
  around.heartbeat = { sequence: 7, at: new Date(around.clock.now().getTime() - 301_000).toISOString() }
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    for (const ref of [PRIMARY, COPY]) if (around.has(ref)) await around.guard(ref)
  }
  return around
}

const OLDER = { input: { target: { kind: 'time', at: '2025-12-31T20:00:00-03:00' } } }
const older: Scenario = {
  name: 'an older moment',
  prepare: (around) => void (around.heartbeat = { sequence: 7, at: '2025-12-31T23:00:00.000Z' }),
  run: OLDER,
  ends: 'succeeded',
}
const damaged: Scenario = {
  name: 'a copy that is damaged, and is removed all the same',
  prepare: (around) => void (around.verdict = 'fail'),
  run: OLDER,
  ends: 'report NOT_PROVEN',
}

export const restoreTest: Rehearsal = {
  runbook: runbookNamed('restore-test'),
  world: serving,
  run: () => ({
    ...RUN,
    input: resolveRestoreTestInput(policy, {
      reasonCode: 'RESTORE_TEST',
      writer: PRIMARY,
      successor: COPY,
      target: { kind: 'latest' },
    }),
  }),
  scenarios: [
    { name: 'success', ends: 'succeeded' },
    older,
    damaged,
    DRY,
    {
      name: 'a moment before all history',
      run: { input: { target: { kind: 'time', at: '2020-01-01T00:00:00Z' } } },
      ends: 'choose TARGET_OUT_OF_REACH',
    },
    {
      name: 'a copy that is hours behind its moment',
      prepare: (around) => void (around.heartbeat = { sequence: 7, at: '2025-12-31T00:00:00.000Z' }),
      ends: 'report NOT_PROVEN',
    },
    { name: 'a retry that helps', prepare: failing('restore.begin', 'throttled', 2), ends: 'succeeded' },
    { name: 'a restore that is refused', prepare: failing('restore.begin', 'denied'), ends: 'report NOT_PROVEN' },
    {
      name: 'a restore that fails, of which nothing is left either',
      prepare: (around) => void (around.restoreFails = true),
      ends: 'report NOT_PROVEN',
    },
    {
      name: 'a restore that comes to no answer, and could begin late',
      prepare: failing('restore.begin', 'throttled'),
      ends: 'report NOT_PROVEN',
    },
    {
      name: 'a timeout, after which nothing is left either',
      world: { restoreSeconds: 100_000 },
      ends: 'report NOT_PROVEN',
    },
    {
      name: 'a name that stands for the database itself',
      run: { input: { successor: PRIMARY } },
      ends: 'remove NOT_A_TEST_COPY',
    },
    {
      name: 'a copy that nobody may remove',
      prepare: failing('copyRemoval.remove', 'denied'),
      ends: 'remove INJECTED_DENIED',
    },
  ],
  crashes: [older, damaged],
}

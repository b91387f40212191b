import { Crashed, type Fault } from '../../../adapters/memory/faults'
import type { MemoryWorld } from '../../../adapters/memory/world'
import { appendToLedger } from '../../../core/coordination/erasure-ledger'
import { enterRun } from '../../../core/coordination/run-journal'
import { readEpoch } from '../../../core/coordination/writer-epoch'
import { advance } from '../../../core/runbook/advance'
import { drive } from '../../../core/runbook/engine'
import { regionFailover } from '../../../core/runbook/region-failover'
import type { MoveInput } from '../../../core/runbook/steps/input'
import type { RunState } from '../../../core/runbook/model'
import { newRun } from '../../../core/runbook/reducer'
import { failover, world } from './failover'
import { REHEARSALS, runOf, worldOf, type Rehearsal, type Scenario } from './rehearsals'

async function prepared(rehearsal: Rehearsal, scenario: Scenario): Promise<MemoryWorld> {
  const settings = { promotionSeconds: 10, zoneFailoverSeconds: 10, ttlSeconds: 5, ...scenario.world }
  const around = await worldOf(rehearsal, { ...scenario, world: settings })
  // Thousands of runs, of which only the names of the calls are asked for.
  around.recorder.keepsRequest = () => false
  await appendToLedger(around.stores, {
    id: 'request-1',
    kind: 'erasure',
    subjectId: 's-1',
    acceptedAt: '2026-01-01T00:00:00.000Z',
  })
  return around
}

/** What must not depend on where the driver died: not times, not attempts. */
const essence = async (around: MemoryWorld, state: RunState) => {
  // Until every guard has had its say.
  await around.clock.sleep(60_000)
  return {
    outcome: state.outcome,
    stoppedBy: state.stoppedBy,
    statuses: Object.entries(state.steps).map(([id, { status }]) => `${id}: ${status}`),
    effects: around.effects,
    epochs: [await readEpoch(around.stores.recovery), await readEpoch(around.stores.witness)],
    writers: around.writers(),
    records: around.evidence.size,
    kept: await keysOf(around, 'procedure-revisions/', 'tasks/', 'releases/', 'markers/'),
  }
}

/** What a run leaves for people. */
async function keysOf({ stores }: MemoryWorld, ...prefixes: readonly string[]): Promise<string[]> {
  const keys: string[] = []
  for (const prefix of prefixes) for await (const { key } of stores.recovery.list(prefix)) keys.push(key)
  return keys
}

const CASES = REHEARSALS.flatMap((rehearsal) =>
  rehearsal.crashes.flatMap((scenario) =>
    (['crash-before', 'crash-after', 'lost-answer'] as const).map((fault) => ({
      title: `${rehearsal.runbook.name}, ${scenario.name}: ${fault}`,
      rehearsal,
      scenario,
      fault,
    })),
  ),
)

it.each(CASES)('ends the same after any single call: $title', async ({ rehearsal, scenario, fault }) => {
  const run = (around: MemoryWorld) => drive(rehearsal.runbook, around.ports(), runOf(rehearsal, scenario))
  const whole = await prepared(rehearsal, scenario)
  const expected = await essence(whole, await run(whole))
  expect(expected.stoppedBy ? `${expected.stoppedBy.step} ${expected.stoppedBy.code}` : expected.outcome).toBe(
    scenario.ends,
  )
  const calls = whole.recorder.calls.length
  expect(calls).toBeGreaterThan(rehearsal.runbook.steps.length * 4)
  for (let at = 0; at < calls; at++) {
    const around = await prepared(rehearsal, scenario)
    around.recorder.faultOf = (call, index) => (index === at && harmless(call, fault) ? fault : undefined)
    const state = await run(around).catch((error: unknown) => {
      if (!(error instanceof Crashed)) throw error
      around.recorder.revive()
      return run(around)
    })
    expect({ at, ...(await essence(around, state)) }).toEqual({ at, ...expected })
  }
})

/** A fence whose answer is lost ends by the lease instead, and has its own test; a crash never may end otherwise. */
const harmless = (call: string, fault: Fault): boolean => fault !== 'lost-answer' || call !== 'fence.close'

const run = (around: MemoryWorld) => drive(regionFailover, around.ports(), failover())
const ready = () => world({ promotionSeconds: 10, ttlSeconds: 5 })

it('does not make a step twice in one life: each begins once in the journal', async () => {
  const around = await ready()
  const state = await run(around)
  expect(Object.values(state.steps).map(({ attempt }) => attempt)).toEqual(Object.keys(state.steps).map(() => 1))
})

it('gives way to another driver that is ahead, and does nothing twice', async () => {
  const around = await ready()
  const started = failover()
  const mine = newRun(regionFailover, started, around.clock.now())
  const finished = await drive(regionFailover, around.ports(), started)
  const calls = around.recorder.calls.length
  expect(await advance(regionFailover, around.ports(), mine)).toEqual(finished)
  expect(around.recorder.calls.slice(calls)).toEqual(['recovery.get'])
})

it('refuses to write over another driver that moved in between', async () => {
  const around = await ready()
  const state = await enterRun(around.stores.recovery, newRun(regionFailover, failover(), around.clock.now()))
  const [first, second] = await Promise.allSettled([
    advance(regionFailover, around.ports(), state),
    advance(regionFailover, around.ports(), state),
  ])
  expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  expect([first, second].find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'RUN_HAS_TWO_DRIVERS' },
  })
})

describe('a state that is handed to a machine', () => {
  const fresh = (around: MemoryWorld, change: Partial<RunState<MoveInput>> = {}) => ({
    ...newRun(regionFailover, failover({ operation: 'approval' }), around.clock.now()),
    ...change,
  })
  /** As somebody would write it who wants to be his own second person. */
  const approved = (state: RunState<MoveInput>): RunState<MoveInput> => ({
    ...state,
    steps: { ...state.steps, decide: { status: 'pending', attempt: 0, approvedBy: ['ana'] } },
  })

  it.each<[string, (around: MemoryWorld) => RunState<MoveInput>]>([
    ['was never entered in the journal', (around) => fresh(around)],
    ['claims an approval', (around) => approved(fresh(around))],
    ['claims to be a run of another runbook', (around) => ({ ...fresh(around), runbook: 'failback' })],
    [
      'claims finished steps',
      (around) => fresh(around, { revision: 9, cursor: { state: 'switch-traffic', waitSeconds: 0 } }),
    ],
    ['claims to be undone in a dry run', (around) => fresh(around, UNDONE)],
  ])('is refused where it %s', async (_, claimed) => {
    const around = await ready()
    await expect(advance(regionFailover, around.ports(), claimed(around))).rejects.toMatchObject({
      failure: 'denied',
      code: 'RUN_NOT_JOURNALED',
    })
    expect([around.effects, around.evidence.size]).toEqual([[], 0])
  })

  it('adds nothing to the journaled run of its name: that one still asks', async () => {
    const around = await ready()
    const entered = await enterRun(around.stores.recovery, fresh(around))
    const after = await advance(regionFailover, around.ports(), approved(entered))
    expect(after.steps['decide']).toMatchObject({ status: 'awaiting-approval' })
    expect(after.steps['decide']).not.toHaveProperty('approvedBy')
  })
})

const UNDONE = { mode: 'dry-run', cursor: { state: 'undo:claim-epoch', waitSeconds: 0 } } as const

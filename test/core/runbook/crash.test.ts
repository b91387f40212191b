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

type Scenario = (around: MemoryWorld) => void

async function prepared(scenario: Scenario): Promise<MemoryWorld> {
  const around = await world({ promotionSeconds: 10, ttlSeconds: 5 })
  await appendToLedger(around.stores, { kind: 'erasure', subjectId: 's-1', acceptedAt: '2026-01-01T00:00:00.000Z' })
  scenario(around)
  return around
}

const run = (around: MemoryWorld) => drive(regionFailover, around.ports(), failover())

/** What must not depend on where the driver died: not times, not attempts. */
const essence = async (around: MemoryWorld, state: RunState<MoveInput>) => ({
  outcome: state.outcome,
  stoppedBy: state.stoppedBy,
  statuses: Object.entries(state.steps).map(([id, { status }]) => `${id}: ${status}`),
  effects: around.effects,
  epochs: [await readEpoch(around.stores.recovery), await readEpoch(around.stores.witness)],
  writable: [around.isWritable('primary'), around.isWritable('replica')],
  records: around.evidence.size,
})

describe.each<[string, Scenario]>([
  ['a failover whose fence is proven', (around) => void (around.fence = 'reachable')],
  ['a failover that waits for the lease', () => {}],
  [
    'a failover that stops and hands the epoch back',
    (around) => void (around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }),
  ],
])('%s', (_, scenario) => {
  it.each<Fault>(['crash-before', 'crash-after', 'lost-answer'])(
    'ends the same after %s of any single call',
    async (fault) => {
      const whole = await prepared(scenario)
      const expected = await essence(whole, await run(whole))
      const calls = whole.recorder.calls.length
      expect(calls).toBeGreaterThan(60)
      for (let at = 0; at < calls; at++) {
        const around = await prepared(scenario)
        around.recorder.faultOf = (call, index) => (index === at && harmless(call, fault) ? fault : undefined)
        const state = await run(around).catch((error: unknown) => {
          if (!(error instanceof Crashed)) throw error
          around.recorder.revive()
          return run(around)
        })
        expect({ at, ...(await essence(around, state)) }).toEqual({ at, ...expected })
      }
    },
  )
})

/** A fence whose answer is lost ends by the lease instead, and has its own test; a crash never may end otherwise. */
const harmless = (call: string, fault: Fault): boolean => fault !== 'lost-answer' || call !== 'fence.close'

it('does not make a step twice in one life: each begins once in the journal', async () => {
  const around = await prepared(() => {})
  const state = await run(around)
  expect(Object.values(state.steps).map(({ attempt }) => attempt)).toEqual(Object.keys(state.steps).map(() => 1))
})

it('gives way to another driver that is ahead, and does nothing twice', async () => {
  const around = await prepared(() => {})
  const started = failover()
  const mine = newRun(regionFailover, started, around.clock.now())
  const finished = await drive(regionFailover, around.ports(), started)
  const calls = around.recorder.calls.length
  expect(await advance(regionFailover, around.ports(), mine)).toEqual(finished)
  expect(around.recorder.calls.slice(calls)).toEqual(['recovery.get'])
})

it('refuses to write over another driver that moved in between', async () => {
  const around = await prepared(() => {})
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
    const around = await prepared(() => {})
    await expect(advance(regionFailover, around.ports(), claimed(around))).rejects.toMatchObject({
      failure: 'denied',
      code: 'RUN_NOT_JOURNALED',
    })
    expect([around.effects, around.evidence.size]).toEqual([[], 0])
  })

  it('adds nothing to the journaled run of its name: that one still asks', async () => {
    const around = await prepared(() => {})
    const entered = await enterRun(around.stores.recovery, fresh(around))
    const after = await advance(regionFailover, around.ports(), approved(entered))
    expect(after.steps['decide']).toMatchObject({ status: 'awaiting-approval' })
    expect(after.steps['decide']).not.toHaveProperty('approvedBy')
  })
})

const UNDONE = { mode: 'dry-run', cursor: { state: 'undo:claim-epoch', waitSeconds: 0 } } as const

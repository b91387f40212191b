import type { Facts } from '../../chaos/facts'
import { INVARIANTS } from '../../chaos/invariants'
import { SCENARIOS } from '../../chaos/scenarios'
import { seededRandom } from '../../chaos/seeded-random'
import type { StepState } from '../../core/runbook/model'
import { newRun } from '../../core/runbook/reducer'

const { runbook, run: started } = SCENARIOS[0]!
const { input: drawn } = started(seededRandom(1))
const input = { ...drawn, operation: 'automatic' as const }
const run = newRun(runbook, { ...started(seededRandom(1)), input }, new Date(0))
const moment = { atMs: 1_000, step: 'promote' }

const steps = (change: Readonly<Record<string, Partial<StepState>>> = {}): Record<string, StepState> => ({
  ...Object.fromEntries(runbook.steps.map(({ id }) => [id, { status: 'done' as const, attempt: 1 }])),
  confirm: { status: 'done', attempt: 1, output: { lastHeartbeat: 7 } },
  ...Object.fromEntries(Object.entries(change).map(([id, state]) => [id, { status: 'done', attempt: 1, ...state }])),
})

const SUCCEEDED: Facts = {
  run: { ...run, outcome: 'succeeded', cursor: { state: 'end', waitSeconds: 0 }, steps: steps() },
  input,
  isPlanned: false,
  continuation: undefined,
  seen: {},
  keys: { 'promotion.promote': ['run-1/promote'] },
  writes: { mode: 'async', acknowledged: 120, promotion: { acknowledged: 120, shipped: 100 } },
  leaseWaitedMs: (input.lease.durationSeconds + input.lease.marginSeconds) * 1000,
  heartbeats: { atFence: 7, atPromotion: 7 },
  downKinds: ['health-checkers', 'replication-receiver'],
  questions: [],
  answers: [],
  evidence: { verdict: 'pass', outcomes: ['succeeded'] },
  end: {
    oldIsAlive: true,
    oldWritable: false,
    successorWritable: true,
    isSuccessorServed: true,
    ledgerMissing: 0,
    isRightWithOld: false,
  },
}

/** Stopped at the fence, and everything handed back. */
const STOPPED: Facts = {
  ...SUCCEEDED,
  run: {
    ...SUCCEEDED.run!,
    outcome: 'stopped',
    stoppedBy: { step: 'fence', code: 'CANNOT_FENCE' },
    steps: steps(
      Object.fromEntries(
        runbook.steps.map(({ id }, at) => [
          id,
          at < 2 || id === 'report' ? {} : { status: at === 2 ? 'failed' : 'skipped' },
        ]),
      ),
    ),
  },
  continuation: {
    step: 'fence',
    code: 'CANNOT_FENCE',
    direction: 'start-over',
    undone: [],
    byHand: [{ step: 'fence', doThis: 'fence it' }],
  },
  keys: {},
  writes: { mode: 'async', acknowledged: 120, promotion: undefined },
  evidence: { verdict: 'pass', outcomes: ['stopped'] },
  end: {
    ...SUCCEEDED.end,
    oldWritable: true,
    successorWritable: false,
    isSuccessorServed: false,
    isRightWithOld: true,
  },
}

const question = {
  key: 'run-1/fence/approval',
  step: 'fence',
  kind: 'attestation',
  requestedBy: 'detector',
  expiresAtMs: 0,
} as const
const yes = (by: string, isLate = false) =>
  ({ key: question.key, by, approve: true, isLate, taken: 'pending' }) as const
const attested = (answers: Facts['answers']): Facts => ({
  ...SUCCEEDED,
  run: { ...SUCCEEDED.run!, steps: steps({ fence: { approvedBy: ['ana', 'rui'] } }) },
  questions: [question],
  answers,
})

/** One example for each invariant in which it alone does not hold. */
const BROKEN: Readonly<Record<string, Facts>> = {
  'never two writable primaries': { ...SUCCEEDED, seen: { bothWritable: moment } },
  'a deposed writer is closed after lease and margin': { ...SUCCEEDED, seen: { deposedWritable: moment } },
  'a fenced writer stays closed': { ...SUCCEEDED, seen: { fencedWritable: moment } },
  'nobody enters what is not proven, judged and complete': { ...SUCCEEDED, seen: { openedEarly: moment } },
  'traffic moves only to what was proven to write': { ...SUCCEEDED, seen: { switchedEarly: moment } },
  'the journal never goes back': { ...SUCCEEDED, seen: { journalWentBack: moment } },
  'lease and margin pass before a silent writer counts as fenced': {
    ...SUCCEEDED,
    leaseWaitedMs: input.lease.durationSeconds * 1000,
  },
  'the run completes or stops': { ...SUCCEEDED, run: { ...SUCCEEDED.run!, outcome: 'running' } },
  'only what was not shipped is lost': { ...SUCCEEDED, writes: { ...SUCCEEDED.writes, acknowledged: 121 } },
  'nothing is lost where the replica acknowledges, or by a planned move': {
    ...SUCCEEDED,
    writes: { ...SUCCEEDED.writes, mode: 'sync' },
  },
  'the loss is counted after the fence': { ...SUCCEEDED, heartbeats: { atFence: 8, atPromotion: 8 } },
  'the verdict is true to the facts': { ...SUCCEEDED, end: { ...SUCCEEDED.end, ledgerMissing: 1 } },
  'the evidence agrees with the run': { ...STOPPED, evidence: { verdict: 'pass', outcomes: ['succeeded'] } },
  'the evidence chain is intact': { ...SUCCEEDED, evidence: { verdict: 'fail', outcomes: ['succeeded'] } },
  'an effect is asked for under one key': { ...SUCCEEDED, keys: { 'promotion.promote': ['a', 'b'] } },
  'two observers or a person decide': { ...SUCCEEDED, downKinds: ['health-checkers'] },
  'approvals come in time from other people': attested([yes('ana')]),
  'an answer after the expiry is refused': attested([yes('ana'), yes('rui'), yes('eva', true)]),
  'nothing is left waiting': {
    ...SUCCEEDED,
    run: { ...SUCCEEDED.run!, steps: steps({ serve: { status: 'polling' } }) },
  },
  'a run that stops before the promotion leaves the old writer able to serve': {
    ...STOPPED,
    end: { ...STOPPED.end, oldWritable: false },
  },
  'nothing is handed back once the promotion began': {
    ...SUCCEEDED,
    end: { ...SUCCEEDED.end, isRightWithOld: true },
  },
  'a stopped run says how to go on': { ...STOPPED, continuation: undefined },
}

const brokenIn = (facts: Facts): string[] =>
  INVARIANTS.flatMap(({ name, broken }) => (broken(facts) === undefined ? [] : [name]))

it('holds for a run that succeeded, one that stopped, and one that two people attested', () => {
  expect([SUCCEEDED, STOPPED, attested([yes('ana'), yes('rui')])].map(brokenIn)).toEqual([[], [], []])
})

it.each(INVARIANTS.map(({ name }) => name))('%s: fires, and alone', (name) => {
  expect(brokenIn(BROKEN[name]!)).toEqual([name])
})

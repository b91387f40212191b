import type { AccountFacts, Facts, IntrusionFacts, MoveFacts, ReleaseFacts, TestCopyFacts } from '../../chaos/facts'
import { INVARIANTS } from '../../chaos/invariants'
import { SCENARIOS } from '../../chaos/scenarios'
import { seededRandom } from '../../chaos/seeded-random'
import type { RunState, StepState } from '../../core/runbook/model'
import { newRun } from '../../core/runbook/reducer'
import type { MoveInput } from '../../core/runbook/steps/input'

const moment = { atMs: 1_000, step: 'promote' }

type Changes = Readonly<Record<string, Partial<StepState>>>

/** A run of a scenario all of whose steps are done, but for what is changed. */
function doneRun(scenario: string, outputs: Changes = {}): (change?: Changes) => RunState {
  const { runbook, run: started } = SCENARIOS.find(({ name }) => name.startsWith(scenario))!
  const { input, ...of } = started(seededRandom(1))
  const begun = newRun(runbook, { ...of, input: { ...input, operation: 'automatic' } }, new Date(0))
  return (change = {}) => ({
    ...begun,
    outcome: 'succeeded',
    cursor: { state: 'end', waitSeconds: 0 },
    steps: Object.fromEntries(
      runbook.steps.map(({ id }) => [id, { status: 'done' as const, attempt: 1, ...outputs[id], ...change[id] }]),
    ),
  })
}

const failover = doneRun('region-failover', { confirm: { output: { lastHeartbeat: 7 } } })
const input = failover().input as MoveInput
const steps = (change: Changes = {}): RunState['steps'] => failover(change).steps

const GENERAL: Omit<Facts, 'run'> = {
  continuation: undefined,
  journalWentBack: undefined,
  keys: { 'promotion.promote': ['run-1/promote'] },
  questions: [],
  answers: [],
  evidence: { verdict: 'pass', outcomes: ['succeeded'] },
}

const MOVE: MoveFacts = {
  input,
  isPlanned: false,
  seen: {},
  writes: { mode: 'async', acknowledged: 120, promotion: { acknowledged: 120, shipped: 100 } },
  leaseWaitedMs: (input.lease.durationSeconds + input.lease.marginSeconds) * 1000,
  heartbeats: { atFence: 7, atPromotion: 7 },
  downKinds: ['health-checkers', 'replication-receiver'],
  end: {
    oldIsAlive: true,
    oldWritable: false,
    successorWritable: true,
    isSuccessorServed: true,
    ledgerMissing: 0,
    isRightWithOld: false,
  },
}

const SUCCEEDED = { ...GENERAL, run: failover(), move: MOVE } satisfies Facts

/** Stopped at the fence, and everything handed back. */
const STOPPED = {
  ...SUCCEEDED,
  run: {
    ...SUCCEEDED.run,
    outcome: 'stopped',
    stoppedBy: { step: 'fence', code: 'CANNOT_FENCE' },
    steps: Object.fromEntries(
      Object.entries(steps()).map(([id, state], at): [string, StepState] => [
        id,
        at < 2 || id === 'report' ? state : { status: at === 2 ? 'failed' : 'skipped', attempt: 1 },
      ]),
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
  evidence: { verdict: 'pass', outcomes: ['stopped'] },
  move: {
    ...MOVE,
    writes: { mode: 'async', acknowledged: 120, promotion: undefined },
    end: {
      ...MOVE.end,
      oldWritable: true,
      successorWritable: false,
      isSuccessorServed: false,
      isRightWithOld: true,
    },
  },
} satisfies Facts

const moved = (change: Partial<MoveFacts>): Facts => ({ ...SUCCEEDED, move: { ...MOVE, ...change } })

const attackedRun = doneRun('isolate-and-recover: two', {
  isolate: { output: { openCopies: [] } },
  'find-clean-point': { approvedBy: ['ana'] },
  'confirm-preserved': { output: { name: 'forensics/run-1/preserve' } },
  'list-later-writes': { output: { kind: 'listed' } },
  confirm: { output: { lastHeartbeat: 7 } },
})
const findCleanPoint = {
  key: 'run-1/find-clean-point/approval',
  step: 'find-clean-point',
  kind: 'second-person',
  requestedBy: 'detector',
  expiresAtMs: 0,
} as const

const INTRUSION: IntrusionFacts = {
  seen: {},
  letIn: [],
  openCopies: [],
  isAttackedKept: true,
  preserved: ['run-1/preserve'],
}
const attacked = (intrusion: Partial<IntrusionFacts> = {}, change: Changes = {}): Facts => ({
  ...GENERAL,
  run: attackedRun(change),
  move: {
    ...MOVE,
    isPlanned: true,
    input: attackedRun().input as MoveInput,
    writes: { ...MOVE.writes, promotion: undefined },
  },
  questions: [findCleanPoint],
  answers: [{ key: findCleanPoint.key, by: 'ana', approve: true, isLate: false, taken: 'approved' } as never],
  intrusion: { ...INTRUSION, ...intrusion },
})

const COPY: TestCopyFacts = { opened: undefined, othersRemoved: false, isLeft: false, writerServes: true }
const testRun = doneRun('restore-test')
const tested = (testCopy: Partial<TestCopyFacts> = {}, change: Changes = {}): Facts => ({
  ...GENERAL,
  run: testRun(change),
  testCopy: { ...COPY, ...testCopy },
})

const remedyRun = doneRun('compliance-remediation: none', { plan: { output: { order: [0], asks: 0 } } })
const remedied = (account: Partial<AccountFacts> = {}, operation = 'automatic'): Facts => ({
  ...GENERAL,
  run: { ...remedyRun(), input: { ...remedyRun().input, operation } as never },
  account: { seen: {}, touched: [], remaining: [], ...account },
})

const rollbackRun = doneRun('rollback: the whole')
const putBack = (release: Partial<ReleaseFacts> = {}): Facts => ({
  ...GENERAL,
  run: rollbackRun(),
  release: { seen: {}, end: { back: ['api', 'web'], asBefore: [] }, ...release },
})

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
  run: { ...SUCCEEDED.run, steps: steps({ fence: { approvedBy: ['ana', 'rui'] } }) },
  questions: [question],
  answers,
})

/** One example for each invariant in which it alone does not hold. */
const BROKEN: Readonly<Record<string, Facts>> = {
  'never two writable primaries': moved({ seen: { bothWritable: moment } }),
  'a deposed writer is closed after lease and margin': moved({ seen: { deposedWritable: moment } }),
  'a fenced writer stays closed': moved({ seen: { fencedWritable: moment } }),
  'nobody enters what is not proven, judged and complete': moved({ seen: { openedEarly: moment } }),
  'traffic moves only to what was proven to write': moved({ seen: { switchedEarly: moment } }),
  'the journal never goes back': { ...SUCCEEDED, journalWentBack: moment },
  'lease and margin pass before a silent writer counts as fenced': moved({
    leaseWaitedMs: input.lease.durationSeconds * 1000,
  }),
  'the run completes or stops': { ...SUCCEEDED, run: { ...SUCCEEDED.run, outcome: 'running' } },
  'only what was not shipped is lost': moved({ writes: { ...MOVE.writes, acknowledged: 121 } }),
  'nothing is lost where the replica acknowledges, or by a planned move': moved({
    writes: { ...MOVE.writes, mode: 'sync' },
  }),
  'the loss is counted after the fence': moved({ heartbeats: { atFence: 8, atPromotion: 8 } }),
  'the verdict is true to the facts': moved({ end: { ...MOVE.end, ledgerMissing: 1 } }),
  'the evidence agrees with the run': { ...STOPPED, evidence: { verdict: 'pass', outcomes: ['succeeded'] } },
  'the evidence chain is intact': { ...SUCCEEDED, evidence: { verdict: 'fail', outcomes: ['succeeded'] } },
  'an effect is asked for under one key': { ...SUCCEEDED, keys: { 'promotion.promote': ['a', 'b'] } },
  'two observers or a person decide': moved({ downKinds: ['health-checkers'] }),
  'approvals come in time from other people': attested([yes('ana')]),
  'an answer after the expiry is refused': attested([yes('ana'), yes('rui'), yes('eva', true)]),
  'nothing is left waiting': {
    ...SUCCEEDED,
    run: { ...SUCCEEDED.run, steps: steps({ serve: { status: 'polling' } }) },
  },
  'a run that stops before the promotion leaves the old writer able to serve': {
    ...STOPPED,
    move: { ...STOPPED.move, end: { ...STOPPED.move.end, oldWritable: false } },
  },
  'nothing is handed back once the promotion began': moved({ end: { ...MOVE.end, isRightWithOld: true } }),
  'a stopped run says how to go on': { ...STOPPED, continuation: undefined },
  'a stolen secret that was revoked lets nobody in': attacked({ seen: { insideAfterCut: moment } }),
  'no stolen secret ever opens the clean copy': attacked({ seen: { insideCopy: moment } }),
  'what was cut off stays cut off': attacked({ seen: { isolationLifted: moment } }),
  'a run that is done leaves no way in for the attacker': attacked({ letIn: ['clinic-g3'] }),
  'a copy that stays on the network is named': attacked({ openCopies: ['clinic-g2'] }),
  'the attacked database is kept whole': attacked({ isAttackedKept: false }),
  'a forensic copy is complete where the run says so, and there is one': attacked({ preserved: [] }),
  'people decide to recover, and accept by name what does not hold': attacked(
    {},
    { 'list-later-writes': { output: { kind: 'inconclusive' } } },
  ),
  'the right to write never returns to the attacked database': {
    ...attacked(),
    move: { ...attacked().move!, end: { ...MOVE.end, isRightWithOld: true } },
  },
  'no copy outlives its test unless the run says so': tested({ isLeft: true }),
  'nobody enters a test copy': tested({ opened: moment }),
  'a test removes nothing that it did not make': tested({ othersRemoved: true }),
  'a test disturbs nobody': tested({ writerServes: false }),
  'only a copy that was proven counts as proven': tested({}, { examine: { status: 'failed' } }),
  'an account is never weaker than before its remediation': remedied({ seen: { weaker: moment } }),
  'nothing of an account changes before it is approved': remedied({ seen: { early: moment } }),
  'nothing is changed that no finding names': remedied({ touched: ['trail/sa-east-1/trail'] }),
  'a remediation that succeeded leaves no finding': remedied({ remaining: ['trail-stopped'] }),
  'people agree to what takes something away': remedied({}, 'approval'),
  'nothing of a platform changes before its rollback is approved': putBack({ seen: { early: moment } }),
  'no version is in force that neither release names': putBack({ seen: { foreign: moment } }),
  'no component is put back before the one in front of it has served': putBack({ seen: { outOfTurn: moment } }),
  'the schema goes back after every program that writes with the newer one': putBack({ seen: { schemaEarly: moment } }),
  'only who has the lease changes the platform': putBack({ seen: { withoutLease: moment } }),
  "a plan that is not the platform's any more changes nothing": putBack({ seen: { stale: moment } }),
  'a platform is whole after its rollback, or the run says that it is not': putBack({
    end: { back: ['api'], asBefore: ['web'] },
  }),
}

const brokenIn = (facts: Facts): string[] =>
  INVARIANTS.flatMap(({ name, broken }) => (broken(facts) === undefined ? [] : [name]))

it('holds for runs that succeeded, one that stopped, and one that two people attested', () => {
  const good = [SUCCEEDED, STOPPED, attested([yes('ana'), yes('rui')]), attacked(), tested(), remedied(), putBack()]
  expect(good.map(brokenIn)).toEqual([[], [], [], [], [], [], []])
})

it.each(INVARIANTS.map(({ name }) => name))('%s: fires, and alone', (name) => {
  expect(brokenIn(BROKEN[name]!)).toEqual([name])
})

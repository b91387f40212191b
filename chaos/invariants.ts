import { isSame } from './arena'
import { ACCOUNT_INVARIANTS } from './account-invariants'
import type { Facts, MoveFacts } from './facts'
import { CLOCK_SHARE } from './fault-kinds'
import { INTRUSION_INVARIANTS } from './intrusion-invariants'
import { RELEASE_INVARIANTS } from './release-invariants'
import { TEST_COPY_INVARIANTS } from './test-copy-invariants'
import { at, type Invariant } from './invariant'

/** Of a run that moves the right to write; what holds of every other one is said elsewhere. */
type Moved = Facts & { readonly move: MoveFacts }

const ofMove = (name: string, broken: (facts: Moved) => string | undefined): Invariant => ({
  name,
  broken: (facts) => (facts.move ? broken({ ...facts, move: facts.move }) : undefined),
})

const neverSeen = (name: string, what: keyof MoveFacts['seen']): Invariant =>
  ofMove(name, ({ move }) => at(move.seen[what]))

/** Whether the run says that a place which names the old writer was left alone, since it did not answer. */
const isRiskRecorded = ({ run }: Facts): boolean =>
  (run?.steps['settle-epoch']?.output as { readonly splitBrainRisk?: boolean } | undefined)?.splitBrainRisk === true

/** Whether people took it upon themselves that nothing of the old writer is left, and the place has not been raised since. */
const isRiskOpen = (facts: Facts): boolean =>
  (facts.run?.steps['fence']?.output as { readonly method?: string } | undefined)?.method === 'attested-dark' &&
  (isRiskRecorded(facts) || facts.run?.steps['settle-epoch']?.status !== 'done')

const oneWriter = ofMove('never two writable primaries', (facts) =>
  isRiskRecorded(facts) ? undefined : at(facts.move.seen.bothWritable),
)

const isPromoted = ({ move }: Facts): boolean => move?.writes.promotion !== undefined

const stoppedAt = ({ run }: Facts): string | undefined => run?.stoppedBy?.step

const journalGoesOn: Invariant = {
  name: 'the journal never goes back',
  broken: ({ journalWentBack }) => at(journalWentBack),
}

const runEnds: Invariant = {
  name: 'the run completes or stops',
  broken: ({ run }) =>
    run && run.outcome !== 'running' ? undefined : `it still stands at ${run?.cursor.state ?? 'nothing'}`,
}

const nothingUnshippedIsLost = ofMove('only what was not shipped is lost', (facts) => {
  const { acknowledged, promotion } = facts.move.writes
  return promotion && acknowledged > promotion.acknowledged && !isRiskOpen(facts)
    ? `${acknowledged - promotion.acknowledged} writes were acknowledged by the old writer after the promotion began`
    : undefined
})

const nothingIsLostInSync = ofMove(
  'nothing is lost where the replica acknowledges, or by a planned move',
  ({ move: { isPlanned, writes } }) => {
    const { mode, acknowledged, promotion } = writes
    return (mode === 'sync' || isPlanned) && promotion && acknowledged > promotion.shipped
      ? `${acknowledged - promotion.shipped} acknowledged writes are gone`
      : undefined
  },
)

const lossIsCountedAfterTheFence = ofMove('the loss is counted after the fence', ({ run, move }) => {
  const { atFence } = move.heartbeats
  const confirmed = run?.steps['confirm']
  if (confirmed?.status !== 'done' || atFence === undefined) return undefined
  const { lastHeartbeat } = confirmed.output as { readonly lastHeartbeat: number | null }
  return (lastHeartbeat ?? 0) < atFence ? `it says ${lastHeartbeat}, and ${atFence} was there at the fence` : undefined
})

const leaseAndMarginPass = ofMove(
  'lease and margin pass before a silent writer counts as fenced',
  ({ move: { leaseWaitedMs, input } }) => {
    const { durationSeconds, marginSeconds } = input.lease
    if (leaseWaitedMs === undefined) return undefined
    // The engine's own clock may be off by its share of the margin.
    const least = (durationSeconds + marginSeconds * (1 - CLOCK_SHARE)) * 1000
    return leaseWaitedMs < least ? `only ${(leaseWaitedMs / 1000).toFixed(1)} s passed` : undefined
  },
)

/** Steps after whose effect only the answer can be missing: the run may say less than is true there, and nowhere else. */
const MAY_SAY_LESS = ['open', 'serve', 'report']

const verdictIsTrue = ofMove('the verdict is true to the facts', (facts) => {
  const { run, move } = facts
  const { end, input } = move
  // A standby is the same database: it holds its erasures, and nobody is left behind.
  const isStandby = isSame(input.writer, input.successor)
  const missing = [
    ...(end.successorWritable ? [] : ['the successor does not write']),
    ...(end.oldWritable && !isStandby ? ['the old writer writes'] : []),
    ...(end.isSuccessorServed ? [] : ['clients are sent elsewhere']),
    ...(end.ledgerMissing === 0 || isStandby ? [] : [`${end.ledgerMissing} erasures are missing`]),
  ]
  if (run?.outcome === 'succeeded') return missing.length > 0 ? `it succeeded, but ${missing.join(', ')}` : undefined
  if (run?.outcome !== 'stopped' || missing.length > 0 || isStandby) return undefined
  return MAY_SAY_LESS.includes(stoppedAt(facts) ?? '')
    ? undefined
    : `it stopped at ${stoppedAt(facts)}, but the successor serves`
})

const evidenceAgrees: Invariant = {
  name: 'the evidence agrees with the run',
  broken: (facts) => {
    const { run, evidence } = facts
    if (evidence.outcomes.length > 1) return `${evidence.outcomes.length} records of one run`
    const [recorded] = evidence.outcomes
    // A report that could not be made, or whose answer was lost, cannot say so itself; the run does.
    if (!run || run.outcome === 'running' || run.steps['report']?.status === 'failed') return undefined
    // A test that was not done is one that failed.
    const outcome = recorded === 'failed' ? 'stopped' : recorded
    return outcome === run.outcome ? undefined : `the run ${run.outcome}, the evidence says ${recorded ?? 'nothing'}`
  },
}

const evidenceIsIntact: Invariant = {
  name: 'the evidence chain is intact',
  broken: ({ evidence: { verdict, outcomes } }) =>
    verdict === 'pass' || (outcomes.length === 0 && verdict === 'inconclusive')
      ? undefined
      : `verification says ${verdict}`,
}

const effectsHaveOneKey: Invariant = {
  name: 'an effect is asked for under one key',
  broken: ({ keys }) => {
    const several = Object.entries(keys).find(([, asked]) => asked.length > 1)
    return several && `${several[0]} under ${several[1].join(', ')}`
  },
}

const decisionIsReal = ofMove('two observers or a person decide', ({ run, move }) => {
  const { downKinds, input, isPlanned } = move
  const decided = run?.steps['decide']
  if (decided?.status !== 'done') return undefined
  if (decided.approvedBy) return undefined
  if (input.operation === 'approval') return 'nobody was asked, although a person has to be'
  if (isPlanned) return undefined
  if (!downKinds) return 'nobody was asked'
  return downKinds.length >= 2 ? undefined : `only ${downKinds.length} observers said down, and nobody was asked`
})

const NEEDED = { 'second-person': 1, attestation: 2 } as const

const approvalsAreReal: Invariant = {
  name: 'approvals come in time from other people',
  broken: ({ run, questions, answers }) => {
    for (const [step, { approvedBy }] of Object.entries(run?.steps ?? {})) {
      if (!approvedBy) continue
      const question = questions.findLast((asked) => asked.step === step)
      if (!question) return `${step} is approved, and was never asked about`
      const people = new Set(
        answers
          .filter(
            ({ key, approve, isLate, taken }) => key === question.key && approve && !isLate && taken !== 'refused',
          )
          .map(({ by }) => by),
      )
      if ([...people].some((by) => by === question.requestedBy)) return `${step} is approved by who asked`
      if (people.size < NEEDED[question.kind]) return `${step} is approved by ${people.size}`
    }
    return undefined
  },
}

const lateAnswersAreRefused: Invariant = {
  name: 'an answer after the expiry is refused',
  broken: ({ answers }) => {
    const taken = answers.find(({ isLate, taken: came }) => isLate && came !== 'refused')
    return taken && `${taken.by} to ${taken.key}`
  },
}

const nothingWaits: Invariant = {
  name: 'nothing is left waiting',
  broken: ({ run }) => {
    if (!run || run.outcome === 'running') return undefined
    const open = Object.entries(run.steps).find(([, { status }]) =>
      ['pending', 'awaiting-approval', 'running', 'polling'].includes(status),
    )
    return open && `${open[0]} is ${open[1].status}`
  },
}

const stoppedBeforePromotionServes = ofMove(
  'a run that stops before the promotion leaves the old writer able to serve',
  (facts) => {
    const { run, continuation, move } = facts
    if (run?.outcome !== 'stopped' || isPromoted(facts) || continuation?.direction !== 'start-over') return undefined
    return move.end.oldIsAlive && !move.end.oldWritable ? 'it is alive and takes no writes' : undefined
  },
)

const noWayBackAfterPromotion = ofMove('nothing is handed back once the promotion began', (facts) =>
  isPromoted(facts) && facts.move.end.isRightWithOld ? 'the old region holds the right to write' : undefined,
)

const stopHasAPlan: Invariant = {
  name: 'a stopped run says how to go on',
  broken: (facts) => {
    const { run, continuation } = facts
    if (run?.outcome !== 'stopped') return continuation && 'it did not stop, and says how to go on'
    if (!continuation) return 'it says nothing'
    if (continuation.byHand.length === 0) return `from ${continuation.step} on there is nothing to do`
    if (isPromoted(facts) && continuation.direction !== 'forward')
      return `promoted, and it says ${continuation.direction}`
    return undefined
  },
}

export const INVARIANTS: readonly Invariant[] = [
  oneWriter,
  neverSeen('a deposed writer is closed after lease and margin', 'deposedWritable'),
  neverSeen('a fenced writer stays closed', 'fencedWritable'),
  neverSeen('nobody enters what is not proven, judged and complete', 'openedEarly'),
  neverSeen('traffic moves only to what was proven to write', 'switchedEarly'),
  journalGoesOn,
  leaseAndMarginPass,
  runEnds,
  nothingUnshippedIsLost,
  nothingIsLostInSync,
  lossIsCountedAfterTheFence,
  verdictIsTrue,
  evidenceAgrees,
  evidenceIsIntact,
  effectsHaveOneKey,
  decisionIsReal,
  approvalsAreReal,
  lateAnswersAreRefused,
  nothingWaits,
  stoppedBeforePromotionServes,
  noWayBackAfterPromotion,
  stopHasAPlan,
  ...INTRUSION_INVARIANTS,
  ...TEST_COPY_INVARIANTS,
  ...ACCOUNT_INVARIANTS,
  ...RELEASE_INVARIANTS,
]

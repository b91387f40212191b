import { decisionOn, requestApproval } from '../coordination/approvals'
import { loadRun, saveRun } from '../coordination/run-journal'
import type { Ports } from '../ports'
import { PortError } from '../ports/errors'
import { classify, type Failure } from './failure'
import {
  approvalKey,
  type ActionResult,
  type ApprovalRequest,
  type BaseInput,
  type Runbook,
  type RunState,
  type Step,
  type StepContext,
} from './model'
import { finish, isUndo, reduce, stepState, stepUnder, type StepEvent } from './reducer'

/**
 * Makes one transition of a run: looks at the cursor, makes at most one call of an action, and returns the new state.
 * The state is journaled before the call (so that a crash is known to have had an attempt) and after it; a dry run
 * leaves no trace. Safe to repeat with the same state: a transition already journaled is not made again, and actions
 * are idempotent by their key. Throws PortError when the journal does not answer, another driver is ahead, or the run
 * was never entered in the journal.
 */
export async function advance<Input extends BaseInput>(
  runbook: Runbook<Input>,
  ports: Ports,
  state: RunState<Input>,
): Promise<RunState<Input>> {
  if (state.outcome !== 'running') return state
  const newest = await catchUp(ports, state)
  // Another step needs another privilege, which this driver's function may not have: hand over to the next call.
  if (newest.cursor.state !== state.cursor.state) return newest
  const after = await transition(runbook, ports, newest)
  return journal(ports, after.cursor.state === 'end' ? finish(after, ports.clock.now()) : after)
}

/**
 * Where the run really stands: the journal knows. A state that is handed in says which run is meant and no more, so that
 * whoever starts a machine can claim neither a finished step nor an approval. It also tells a repeated call what its lost
 * predecessor did.
 */
async function catchUp<Input extends BaseInput>(ports: Ports, state: RunState<Input>): Promise<RunState<Input>> {
  if (state.mode === 'dry-run') {
    // It has begun nothing, so that an undo of its is none of ours.
    if (isUndo(state)) throw notJournaled(state)
    return state
  }
  const journaled = await loadRun<Input>(ports.coordination.recovery, state.runId)
  if (journaled?.runbook !== state.runbook || journaled.revision < state.revision) throw notJournaled(state)
  return journaled
}

const notJournaled = ({ runId }: RunState): PortError =>
  new PortError(
    'denied',
    'RUN_NOT_JOURNALED',
    `the journal holds no such state of run '${runId}'; start it at the desk`,
  )

const journal = async <Input extends BaseInput>(ports: Ports, state: RunState<Input>): Promise<RunState<Input>> =>
  state.mode === 'dry-run' ? state : saveRun(ports.coordination.recovery, state)

async function transition<Input extends BaseInput>(
  runbook: Runbook<Input>,
  ports: Ports,
  state: RunState<Input>,
): Promise<RunState<Input>> {
  const step = stepUnder(runbook, state)
  const next = (from: RunState<Input>, event: StepEvent) => reduce(runbook, from, event, ports.clock.now())
  const context = contextOf(ports, state, step)

  if (isUndo(state)) return next(state, { kind: 'undone', failed: !(await undo(step, context)) })
  if (state.mode === 'dry-run') {
    return settle(
      next(state, { kind: 'began' }),
      await attempt(async () => ({ kind: 'done', output: await step.preview(context) })),
    )
  }

  const current = stepState(state, step.id)
  if (current.status === 'awaiting-approval') {
    const asked = approvalKey(state.runId, step.id)
    const decision = await decisionOn(ports.coordination.recovery, asked, ports.clock.now())
    if (decision.kind === 'approved') return next(state, { kind: 'approved', by: decision.by })
    return next(state, { kind: 'approval', decision: decision.kind })
  }
  if (overdue(step, state, ports.clock.now())) return next(state, { kind: 'timed-out' })
  const needed = current.approvedBy ? undefined : step.approval?.(state.input)
  if (needed) return ask(needed, state)

  const begun = current.status === 'polling' ? state : await journal(ports, next(state, { kind: 'began' }))
  const call = () =>
    current.status === 'polling' && step.poll ? step.poll(context, current.handle ?? null) : step.begin(context)
  return settle(begun, await attempt(call))

  async function settle(from: RunState<Input>, attempted: Attempted): Promise<RunState<Input>> {
    if (attempted.kind === 'threw') return next(from, attempted)
    const { result } = attempted
    if (result.kind !== 'ask') return next(from, { kind: 'result', result })
    return step.mayAsk ? ask(result.approval, from) : next(from, { kind: 'threw', failure: UNANNOUNCED_QUESTION })
  }

  async function ask(approval: ApprovalRequest, from: RunState<Input>): Promise<RunState<Input>> {
    // A driver that died may have asked before: what people read is its question, whatever this attempt would ask.
    const { kind, question } = await requestApproval(ports.coordination.recovery, {
      key: approvalKey(state.runId, step.id),
      ...approval,
      requestedBy: state.startedBy,
      expiresAt: new Date(ports.clock.now().getTime() + state.input.approvals.expireSeconds * 1000).toISOString(),
    })
    return next(from, { kind: 'asked', approval: { kind, question } })
  }
}

/** A mistake in a runbook's own definition, found by its first rehearsal. */
const UNANNOUNCED_QUESTION: Failure = { retryable: false, code: 'UNANNOUNCED_QUESTION' }

type Attempted = { readonly kind: 'result'; readonly result: ActionResult } | Extract<StepEvent, { kind: 'threw' }>

async function attempt(call: () => Promise<ActionResult>): Promise<Attempted> {
  try {
    return { kind: 'result', result: await call() }
  } catch (error) {
    return { kind: 'threw', failure: classify(error) }
  }
}

async function undo<Input extends BaseInput>(step: Step<Input>, context: StepContext<Input>): Promise<boolean> {
  if (!('run' in step.undo)) return true
  for (let tries = 1; ; tries++) {
    try {
      await step.undo.run(context)
      return true
    } catch (error) {
      if (!classify(error).retryable || tries >= step.attempts) return false
      await context.ports.clock.sleep(step.retryAfterSeconds * 1000)
    }
  }
}

function overdue<Input extends BaseInput>(step: Step<Input>, state: RunState<Input>, now: Date): boolean {
  const { startedAt, status } = stepState(state, step.id)
  if (!startedAt || status === 'pending') return false
  return now.getTime() - Date.parse(startedAt) >= step.timeoutSeconds(state.input) * 1000
}

function contextOf<Input extends BaseInput>(
  ports: Ports,
  state: RunState<Input>,
  step: Step<Input>,
): StepContext<Input> {
  const outputs = Object.entries(state.steps).flatMap(([id, s]) =>
    s.status === 'done' && s.output !== undefined ? [[id, s.output]] : [],
  )
  const { approvedBy, attempt: attempts } = stepState(state, step.id)
  return {
    ports,
    runId: state.runId,
    mode: state.mode,
    input: state.input,
    key: `${state.runId}/${step.id}`,
    lastAttempt: attempts + 1 >= step.attempts,
    outputs: Object.fromEntries(outputs),
    run: state,
    ...(approvedBy ? { approvedBy } : {}),
  }
}

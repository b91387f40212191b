import { decisionOn, requestApproval } from '../coordination/approvals'
import { saveRun } from '../coordination/run-journal'
import type { Ports } from '../ports'
import { classify } from './failure'
import type { ActionResult, ApprovalRequest, BaseInput, Runbook, RunState, Step, StepContext } from './model'
import { finish, isUndo, reduce, stepState, stepUnder, type StepEvent } from './reducer'

/**
 * Makes one transition of a run: looks at the cursor, makes at most one call of an action, and returns the new state.
 * The state is journaled before the call (so that a crash is known to have had an attempt) and after it.
 * Safe to repeat from any journaled state: actions are idempotent by their key.
 */
export async function advance<Input extends BaseInput>(
  runbook: Runbook<Input>,
  ports: Ports,
  state: RunState<Input>,
): Promise<RunState<Input>> {
  if (state.outcome !== 'running') return state
  const after = await transition(runbook, ports, state)
  const ended = after.cursor.state === 'end' ? finish(after, ports.clock.now()) : after
  await saveRun(ports.coordination.recovery, ended)
  return ended
}

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
    const decision = await decisionOn(ports.coordination.recovery, current.approval!.key, ports.clock.now())
    if (decision.kind === 'approved') return next(state, { kind: 'approved', by: decision.by })
    return next(state, { kind: 'approval', decision: decision.kind })
  }
  if (overdue(step, state, ports.clock.now())) return next(state, { kind: 'timed-out' })
  const needed = current.approvedBy ? undefined : step.approval?.(state.input)
  if (needed) return ask(needed, state)

  const begun = current.status === 'polling' ? state : next(state, { kind: 'began' })
  if (begun !== state) await saveRun(ports.coordination.recovery, begun)
  const call = () =>
    current.status === 'polling' && step.poll ? step.poll(context, current.handle ?? null) : step.begin(context)
  return settle(begun, await attempt(call))

  async function settle(from: RunState<Input>, attempted: Attempted): Promise<RunState<Input>> {
    if (attempted.kind === 'threw') return next(from, attempted)
    return attempted.result.kind === 'ask'
      ? ask(attempted.result.approval, from)
      : next(from, { kind: 'result', result: attempted.result })
  }

  async function ask(approval: ApprovalRequest, from: RunState<Input>): Promise<RunState<Input>> {
    const key = `${context.key}/approval`
    await requestApproval(ports.coordination.recovery, {
      key,
      ...approval,
      requestedBy: state.startedBy,
      expiresAt: new Date(ports.clock.now().getTime() + state.input.approvals.expireSeconds * 1000).toISOString(),
    })
    return next(from, { kind: 'asked', approval, key })
  }
}

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
  const { startedAt, status, approvedBy } = stepState(state, step.id)
  if (!startedAt || status === 'pending' || approvedBy) return false
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
  const { approvedBy } = stepState(state, step.id)
  return {
    ports,
    runId: state.runId,
    mode: state.mode,
    input: state.input,
    key: `${state.runId}/${step.id}`,
    outputs: Object.fromEntries(outputs),
    run: state,
    ...(approvedBy ? { approvedBy } : {}),
  }
}

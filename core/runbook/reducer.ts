import { PortError } from '../ports/errors'
import type { Failure } from './failure'
import type { ActionResult, ApprovalRequest, BaseInput, Runbook, RunState, Step, StepState } from './model'

/** What happened to the step under the cursor. */
export type StepEvent =
  | { readonly kind: 'asked'; readonly approval: ApprovalRequest }
  | { readonly kind: 'approval'; readonly decision: 'pending' | 'declined' | 'expired' }
  | { readonly kind: 'approved'; readonly by: readonly string[] }
  | { readonly kind: 'began' }
  | { readonly kind: 'result'; readonly result: Exclude<ActionResult, { kind: 'ask' }> }
  | { readonly kind: 'threw'; readonly failure: Failure }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'undone'; readonly failed: boolean }

export interface NewRun<Input> {
  readonly runId: string
  readonly mode: RunState['mode']
  readonly startedBy: string
  readonly input: Input
}

/** A run that has done nothing yet, its cursor on the first step. Throws PortError('invalid') for a real run without a reason. */
export function newRun<Input extends BaseInput>(
  runbook: Runbook<Input>,
  run: NewRun<Input>,
  now: Date,
): RunState<Input> {
  if (run.mode === 'real' && run.input.reasonCode.trim() === '')
    throw new PortError('invalid', 'REASON_MISSING', `run '${run.runId}' is real and has no reason code; give one`)
  return {
    runbook: runbook.name,
    ...run,
    revision: 0,
    startedAt: now.toISOString(),
    cursor: { state: runbook.steps[0]?.id ?? 'end', waitSeconds: 0 },
    outcome: 'running',
    steps: Object.fromEntries(runbook.steps.map((step) => [step.id, { status: 'pending', attempt: 0 }])),
  }
}

/** The one place where results, failures, timeouts, approvals and undo turn into what happens next. Pure. */
export function reduce<Input extends BaseInput>(
  runbook: Runbook<Input>,
  state: RunState<Input>,
  event: StepEvent,
  now: Date,
): RunState<Input> {
  const step = stepUnder(runbook, state)
  const current = stepState(state, step.id)
  const at = now.toISOString()
  const set = (change: Partial<StepState>): RunState<Input> => ({
    ...state,
    steps: { ...state.steps, [step.id]: { ...current, ...change } },
  })

  switch (event.kind) {
    case 'asked':
      return wait(
        set({
          status: 'awaiting-approval',
          startedAt: current.startedAt ?? at,
          approval: event.approval,
        }),
        state.input.approvals.pollSeconds,
      )
    case 'approval':
      if (event.decision === 'pending') return wait(state, state.input.approvals.pollSeconds)
      return fail(
        runbook,
        set({
          status: 'failed',
          finishedAt: at,
          failure: { code: `APPROVAL_${event.decision.toUpperCase()}`, attempts: current.attempt },
        }),
        step,
      )
    case 'approved':
      // The step's own time begins only now: people may take longer than any timeout.
      return wait(set({ status: 'pending', approvedBy: event.by, startedAt: at }), 0)
    case 'began':
      return set({ status: 'running', attempt: current.attempt + 1, startedAt: current.startedAt ?? at })
    case 'result':
      return afterResult(runbook, state, step, event.result, set, at)
    case 'threw': {
      const tries = current.attempt
      if (event.failure.retryable && tries < step.attempts) return wait(set({}), step.retryAfterSeconds)
      return fail(
        runbook,
        set({ status: 'failed', finishedAt: at, failure: { code: event.failure.code, attempts: tries } }),
        step,
      )
    }
    case 'timed-out':
      return fail(
        runbook,
        set({ status: 'failed', finishedAt: at, failure: { code: 'TIMEOUT', attempts: current.attempt } }),
        step,
      )
    case 'undone':
      return nextUndo(runbook, set({ status: event.failed ? 'undo-failed' : 'undone' }), indexOf(runbook, step.id) - 1)
  }
}

/** Ends a run whose cursor has reached the end. */
export function finish<Input extends BaseInput>(state: RunState<Input>, now: Date): RunState<Input> {
  return { ...state, outcome: state.stoppedBy ? 'stopped' : 'succeeded', finishedAt: now.toISOString() }
}

export const isUndo = (state: RunState): boolean => state.cursor.state.startsWith('undo:')

export function stepUnder<Input extends BaseInput>(runbook: Runbook<Input>, state: RunState<Input>): Step<Input> {
  const id = state.cursor.state.replace(/^undo:/, '')
  const step = runbook.steps.find((candidate) => candidate.id === id)
  if (!step) throw new Error(`the cursor '${state.cursor.state}' names no step of runbook '${runbook.name}'`)
  return step
}

export function stepState(state: RunState, id: string): StepState {
  const found = state.steps[id]
  if (!found) throw new Error(`the run '${state.runId}' holds no state of step '${id}'`)
  return found
}

type Set<Input extends BaseInput> = (change: Partial<StepState>) => RunState<Input>

function afterResult<Input extends BaseInput>(
  runbook: Runbook<Input>,
  state: RunState<Input>,
  step: Step<Input>,
  result: Exclude<ActionResult, { kind: 'ask' }>,
  set: Set<Input>,
  at: string,
): RunState<Input> {
  switch (result.kind) {
    case 'pending':
      return wait(set({ status: 'polling', handle: result.handle }), step.pollEverySeconds(state.input))
    case 'done': {
      const { approval } = stepState(state, step.id)
      return forward(
        runbook,
        set({
          status: 'done',
          finishedAt: at,
          output: result.output,
          handle: undefined,
          // A question is as long as the names in it, and nobody asks for it here again.
          ...(approval && { approval: { kind: approval.kind } }),
        }),
        step,
      )
    }
    case 'failed':
      return fail(
        runbook,
        set({
          status: 'failed',
          finishedAt: at,
          output: result.detail ?? null,
          failure: { code: result.code, attempts: stepState(state, step.id).attempt },
        }),
        step,
      )
  }
}

function fail<Input extends BaseInput>(
  runbook: Runbook<Input>,
  state: RunState<Input>,
  step: Step<Input>,
): RunState<Input> {
  if (step.onFailure === 'continue') return forward(runbook, state, step)
  const code = stepState(state, step.id).failure?.code ?? 'UNKNOWN'
  const stopped = { ...state, stoppedBy: state.stoppedBy ?? { step: step.id, code } }
  // A dry run has nothing to undo, and shows the whole plan; after the closing step there is nothing to stop.
  if (state.mode === 'dry-run' || step.always) return forward(runbook, stopped, step)
  return nextUndo(runbook, stopped, indexOf(runbook, step.id))
}

function forward<Input extends BaseInput>(
  runbook: Runbook<Input>,
  state: RunState<Input>,
  step: Step<Input>,
): RunState<Input> {
  const next = runbook.steps[indexOf(runbook, step.id) + 1]
  return go(state, next?.id ?? 'end')
}

/** Moves to the undo of the newest step, from `index` down, that has begun and can be undone; then to the closing step. */
function nextUndo<Input extends BaseInput>(
  runbook: Runbook<Input>,
  state: RunState<Input>,
  index: number,
): RunState<Input> {
  for (let i = index; i >= 0; i--) {
    const step = runbook.steps[i]!
    if (stepState(state, step.id).attempt === 0) continue
    if ('run' in step.undo) return go(state, `undo:${step.id}`)
    if (step.undo.pointOfNoReturn) break
  }
  return go(skipRest(state), runbook.steps.find((step) => step.always)?.id ?? 'end')
}

function skipRest<Input extends BaseInput>(state: RunState<Input>): RunState<Input> {
  const steps = Object.entries(state.steps).map(([id, step]): [string, StepState] => [
    id,
    step.status === 'pending' ? { ...step, status: 'skipped' } : step,
  ])
  return { ...state, steps: Object.fromEntries(steps) }
}

const wait = <Input extends BaseInput>(state: RunState<Input>, waitSeconds: number): RunState<Input> => ({
  ...state,
  cursor: { ...state.cursor, waitSeconds },
})

const go = <Input extends BaseInput>(state: RunState<Input>, to: string): RunState<Input> => ({
  ...state,
  cursor: { state: to, waitSeconds: 0 },
})

const indexOf = <Input extends BaseInput>(runbook: Runbook<Input>, id: string): number =>
  runbook.steps.findIndex((step) => step.id === id)

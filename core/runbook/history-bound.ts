import type { BaseInput, Runbook, RunState, Step } from './model'

/**
 * Our limit for the events of one execution. Step Functions ends an execution at 25,000
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html); the rest is room for retried calls.
 */
export const MAX_HISTORY_EVENTS = 20_000

/** Task: entered, scheduled, started, succeeded, exited; Choice: entered, exited; Wait: entered, exited. */
const EVENTS_PER_TRANSITION = 9

/** Start, outcome, end. */
const EVENTS_PER_EXECUTION = 5

/** The most history events one execution of the runbook can reach with this input, service retries apart. */
export function historyBound<Input extends BaseInput>(runbook: Runbook<Input>, input: Input): number {
  const transitions = runbook.steps.map((step) => transitionsOf(step, input))
  return EVENTS_PER_EXECUTION + EVENTS_PER_TRANSITION * transitions.reduce((sum, count) => sum + count, 0)
}

function transitionsOf<Input extends BaseInput>(step: Step<Input>, input: Input): number {
  const tries = step.attempts
  const polls = step.poll ? inTurns(step.timeoutSeconds(input), step.pollEverySeconds(input)) : 0
  const questions = Number(step.approval !== undefined) + Number(step.mayAsk !== undefined)
  // Asking and taking the answer are a transition each, besides looking for it.
  const looks = questions * (2 + inTurns(input.approvals.expireSeconds, input.approvals.pollSeconds))
  const undo = 'run' in step.undo ? 1 : 0
  // One more for the transition that finds the step overdue.
  return tries + polls + looks + undo + 1
}

const inTurns = (seconds: number, everySeconds: number): number => Math.ceil(seconds / Math.max(1, everySeconds))

/** Step Functions waits whole seconds only; a shorter wait becomes one second. */
export const inWholeSeconds = <Input extends BaseInput>(state: RunState<Input>): RunState<Input> => ({
  ...state,
  cursor: { ...state.cursor, waitSeconds: Math.ceil(state.cursor.waitSeconds) },
})

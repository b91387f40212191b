import { enterRun } from '../coordination/run-journal'
import type { Ports } from '../ports'
import { advance } from './advance'
import { classify } from './failure'
import type { BaseInput, Runbook, RunState } from './model'
import { isUndo, newRun, stepUnder, type NewRun } from './reducer'

/**
 * Drives a run to its end here and now. With the id of a run that already exists it goes on where that one stopped,
 * whatever killed its driver; the input given is then ignored in favour of the journaled one.
 */
export async function drive<Input extends BaseInput>(
  runbook: Runbook<Input>,
  ports: Ports,
  run: NewRun<Input>,
): Promise<RunState<Input>> {
  const fresh = newRun(runbook, run, ports.clock.now())
  // A dry run leaves no trace.
  let state = run.mode === 'dry-run' ? fresh : await persist(ports, () => enterRun(ports.coordination.recovery, fresh))
  while (state.outcome === 'running') {
    const before = state
    state = await persist(ports, () => advance(runbook, ports, before))
    announce(runbook, ports, before, state)
    if (state.outcome === 'running' && state.cursor.waitSeconds > 0)
      await ports.clock.sleep(state.cursor.waitSeconds * 1000)
  }
  return state
}

/** As often and as patiently as the compiled state machine repeats a task. */
const DRIVER = { attempts: 6, firstWaitSeconds: 1, backoffRate: 2 }

/** Repeats what only the journal made fail; what a step made fail is in the state already. */
async function persist<T>(ports: Ports, call: () => Promise<T>): Promise<T> {
  for (let tries = 1, waitSeconds = DRIVER.firstWaitSeconds; ; tries++, waitSeconds *= DRIVER.backoffRate) {
    try {
      return await call()
    } catch (error) {
      if (!classify(error).retryable || tries >= DRIVER.attempts) throw error
      await ports.clock.sleep(waitSeconds * 1000)
    }
  }
}

function announce<Input extends BaseInput>(
  runbook: Runbook<Input>,
  ports: Ports,
  before: RunState<Input>,
  after: RunState<Input>,
): void {
  const step = stepUnder(runbook, before)
  const status = after.steps[step.id]?.status
  if (status === before.steps[step.id]?.status && status === 'polling') return
  const failure = after.steps[step.id]?.failure
  ports.reporter.emit({
    code: isUndo(before) ? 'RUNBOOK_STEP_UNDONE' : 'RUNBOOK_STEP',
    text: `${step.title}: ${failure ? `${status} (${failure.code})` : status}`,
    data: { step: step.id, status: status ?? 'unknown' },
  })
}

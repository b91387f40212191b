import type { RunbookName } from '../detection/scenarios'
import type { RunState } from '../runbook/model'

/** The machines of the own region that execute runbooks. */
export interface RunbookMachines {
  /** Whether this region can execute the runbook at all. */
  has(runbook: RunbookName): boolean
  /**
   * Starts an execution of a run; one of the same name that was started before is left as it is.
   * @param execution its name, at most 80 letters, digits, - and _; the id of the run where nothing is said
   */
  start(runbook: RunbookName, run: RunState, execution?: string): Promise<'started' | 'already-started'>
}

import type { RunbookName } from '../detection/scenarios'
import type { RunState } from '../runbook/model'

/** Machines that execute runbooks. A run is executed in the region that its input names: where its successor stands. */
export interface RunbookMachines {
  /** Whether anything known here executes the runbook in a region. */
  has(runbook: RunbookName, region: string): boolean
  /**
   * Starts an execution of a run; one of the same name that was started before is left as it is. Throws
   * PortError('unreachable') where the region of the run does not answer: whether it was started is not known then.
   * @param execution its name, at most 80 letters, digits, - and _; the id of the run where nothing is said
   */
  start(runbook: RunbookName, run: RunState, execution?: string): Promise<'started' | 'already-started'>
}

import type { RunbookName } from '../detection/scenarios'
import type { RunState } from '../runbook/model'

/** The machines of the own region that execute runbooks. */
export interface RunbookMachines {
  /** Whether this region can execute the runbook at all. */
  has(runbook: RunbookName): boolean
  /** Starts a run; a run of the same id that was started before is left as it is. */
  start(runbook: RunbookName, run: RunState): Promise<'started' | 'already-started'>
}

import type { RunbookName } from '../../core/detection/scenarios'
import type { Ports } from '../../core/ports'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import { drive } from '../../core/runbook/engine'
import type { RunState } from '../../core/runbook/model'
import { isExecutable, runbookNamed } from '../../core/runbook/runbooks'

/** Plans here and now what a machine of the region would plan; it starts nothing that changes anything. */
export class PlanningMachines implements RunbookMachines {
  constructor(private readonly ports: Ports) {}

  has(runbook: RunbookName): boolean {
    return isExecutable(runbook)
  }

  async start(runbook: RunbookName, { runId, startedBy, input, mode }: RunState): Promise<'started'> {
    if (mode !== 'dry-run') throw new Error(`'${runId}' is a run in mode '${mode}', and only plans are made here`)
    await drive(runbookNamed(runbook), this.ports, { runId, mode, startedBy, input })
    return 'started'
  }
}

import type { RunbookName } from '../../core/detection/scenarios'
import { PortError } from '../../core/ports/errors'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import type { RunState } from '../../core/runbook/model'

/** Machines of every region that only remember what they were started with. */
export class MemoryRunbookMachines implements RunbookMachines {
  readonly started = new Map<string, { readonly runbook: RunbookName; readonly run: RunState }>()

  constructor(private readonly runbooks: readonly RunbookName[]) {}

  has(runbook: RunbookName): boolean {
    return this.runbooks.includes(runbook)
  }

  async start(runbook: RunbookName, run: RunState, execution = run.runId): Promise<'started' | 'already-started'> {
    if (!this.has(runbook))
      throw new PortError('invalid', 'MACHINE_MISSING', `no machine in ${run.input.region} executes '${runbook}'`)
    if (this.started.has(execution)) return 'already-started'
    this.started.set(execution, { runbook, run })
    return 'started'
  }
}

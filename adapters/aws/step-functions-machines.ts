import { StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'
import type { RunbookName } from '../../core/detection/scenarios'
import { PortError } from '../../core/ports/errors'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import type { RunState } from '../../core/runbook/model'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** State machines of the function's own region. An execution carries the id of its run, which Step Functions keeps unique. */
export class StepFunctionsMachines implements RunbookMachines {
  constructor(
    private readonly client: SFNClient,
    /** ARNs by the name of the runbook. */
    private readonly machines: ReadonlyMap<string, string>,
  ) {}

  has(runbook: RunbookName): boolean {
    return this.machines.has(runbook)
  }

  async start(runbook: RunbookName, run: RunState): Promise<'started' | 'already-started'> {
    const stateMachineArn = this.machines.get(runbook)
    if (!stateMachineArn)
      throw new PortError('invalid', 'MACHINE_MISSING', `no machine of this region executes '${runbook}'`)
    const command = new StartExecutionCommand({ stateMachineArn, name: run.runId, input: JSON.stringify(run) })
    try {
      await asking(`starting '${runbook}'`, () => this.client.send(command, within(CALL_MS)))
      return 'started'
    } catch (error) {
      if (isException(error, 'ExecutionAlreadyExists')) return 'already-started'
      throw error
    }
  }
}

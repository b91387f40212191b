import { StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'
import type { RunbookName } from '../../core/detection/scenarios'
import { PortError } from '../../core/ports/errors'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import type { RunState } from '../../core/runbook/model'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** State machines of the function's own region. Step Functions keeps the names of a machine's executions unique. */
export class StepFunctionsMachines implements RunbookMachines {
  constructor(
    private readonly client: SFNClient,
    /** ARNs by the name of the runbook. */
    private readonly machines: ReadonlyMap<string, string>,
  ) {}

  has(runbook: RunbookName): boolean {
    return this.machines.has(runbook)
  }

  async start(runbook: RunbookName, run: RunState, execution = run.runId): Promise<'started' | 'already-started'> {
    const stateMachineArn = this.machines.get(runbook)
    if (!stateMachineArn)
      throw new PortError('invalid', 'MACHINE_MISSING', `no machine of this region executes '${runbook}'`)
    const command = new StartExecutionCommand({ stateMachineArn, name: execution, input: JSON.stringify(run) })
    try {
      await asking(`starting '${runbook}'`, () => this.client.send(command, within(CALL_MS)))
      return 'started'
    } catch (error) {
      if (isException(error, 'ExecutionAlreadyExists')) return 'already-started'
      throw error
    }
  }
}

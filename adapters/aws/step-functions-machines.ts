import { StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'
import type { RunbookName } from '../../core/detection/scenarios'
import { PortError } from '../../core/ports/errors'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import type { RunState } from '../../core/runbook/model'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** State machines by runbook and region. Step Functions keeps the names of a machine's executions unique. */
export class StepFunctionsMachines implements RunbookMachines {
  constructor(
    private readonly clientOf: (region: string) => SFNClient,
    /** ARNs by `runbook@region`. */
    private readonly machines: ReadonlyMap<string, string>,
  ) {}

  has(runbook: RunbookName, region: string): boolean {
    return this.machines.has(`${runbook}@${region}`)
  }

  async start(runbook: RunbookName, run: RunState, execution = run.runId): Promise<'started' | 'already-started'> {
    const { region } = run.input
    const stateMachineArn = this.machines.get(`${runbook}@${region}`)
    if (!stateMachineArn)
      throw new PortError('invalid', 'MACHINE_MISSING', `no machine in ${region} executes '${runbook}'`)
    const command = new StartExecutionCommand({ stateMachineArn, name: execution, input: JSON.stringify(run) })
    try {
      await asking(`starting '${runbook}' in ${region}`, () => this.clientOf(region).send(command, within(CALL_MS)))
      return 'started'
    } catch (error) {
      if (isException(error, 'ExecutionAlreadyExists')) return 'already-started'
      throw error
    }
  }
}

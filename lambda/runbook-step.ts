import { awsPorts } from '../adapters/aws/ports'
import { log } from '../adapters/aws/log'
import type { Privilege, RunState } from '../core/runbook/model'
import { advance } from '../core/runbook/advance'
import { inWholeSeconds } from '../core/runbook/history-bound'
import { regionFailover, type RegionFailoverInput } from '../core/runbook/region-failover'
import { runState } from './contract'
import { invocation } from './invocation'

type Run = RunState<RegionFailoverInput>

/** A function that makes one transition of a run with the ports of one privilege. State in, state out. */
export function runbookStep(privilege: Privilege): (event: unknown) => Promise<Run> {
  const ports = awsPorts(privilege, process.env)
  return invocation(`runbook-${privilege}`, async (event) => {
    const state = runState.parse(event) as unknown as Run
    const after = await advance(regionFailover, ports, state)
    const step = state.cursor.state.replace(/^undo:/, '')
    const { status, failure } = after.steps[step] ?? {}
    log('RUNBOOK_STEP', {
      run: after.runId,
      step: state.cursor.state,
      status,
      outcome: after.outcome,
      failure: failure?.code,
    })
    return inWholeSeconds(after)
  })
}

import { awsPorts } from '../adapters/aws/ports'
import { log } from '../adapters/aws/log'
import { publishWhereKnown } from '../adapters/aws/metrics'
import type { Privilege, RunState } from '../core/runbook/model'
import { advance } from '../core/runbook/advance'
import { inWholeSeconds } from '../core/runbook/history-bound'
import { runbookNamed } from '../core/runbook/runbooks'
import type { FunctionContract, runState } from './contract'
import { invocation, type Form } from './invocation'

type RunbookForm = Form<typeof runState, typeof runState> & { readonly contract: FunctionContract }

/** A function that makes one transition of a run with the ports of one privilege. State in, state out. */
export function runbookStep(privilege: Privilege, form: RunbookForm): (event: unknown) => Promise<unknown> {
  const ports = awsPorts(privilege, process.env)
  return invocation(form, async (event) => {
    // The form is checked as far as a driver reads it; the runbook's own input is the one that was journaled.
    const state = event as unknown as RunState
    const after = await advance(runbookNamed(state.runbook), ports, state)
    const { status, failure } = after.steps[state.cursor.state.replace(/^undo:/, '')] ?? {}
    log('RUNBOOK_STEP', {
      run: after.runId,
      step: state.cursor.state,
      status,
      outcome: after.outcome,
      failure: failure?.code,
    })
    publishWhereKnown('dataIntegrityFailures', failure?.code === 'DATA_INVALID' ? 1 : undefined, new Date())
    return inWholeSeconds(after) as unknown as typeof event
  })
}

import type { Incident } from '../coordination/incidents'
import type { Policy } from '../policy'
import { isPortError } from '../ports/errors'
import type { BaseInput, Runbook, RunState } from '../runbook/model'
import { newRun } from '../runbook/reducer'
import { runbookNamed } from '../runbook/runbooks'
import { isStarted, STARTS, type DeclaredInstances } from '../runbook/starts'
import type { RunbookName } from './scenarios'

export interface PlanRequest {
  readonly policy: Policy
  readonly incident: Incident
  readonly instances: DeclaredInstances
  readonly now: Date
}

/**
 * A dry run of the runbook for an incident; undefined where people carry it out: no machine executes a runbook of that name, or
 * the topology declares nothing that could take over.
 */
export function planOf(
  runbook: RunbookName | 'none',
  { policy, incident, instances, now }: PlanRequest,
): RunState | undefined {
  if (!isStarted(runbook)) return undefined
  const { id, reasonCode, openedBy } = incident
  const input = whereDeclared(() => STARTS[runbook].input(policy, instances, { incidentId: id, reasonCode }))
  const planned: Runbook<BaseInput> = runbookNamed(runbook)
  return input && newRun(planned, { runId: id, mode: 'dry-run', startedBy: openedBy, input }, now)
}

function whereDeclared<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (isPortError(error) && error.failure === 'conflict') return undefined
    throw error
  }
}

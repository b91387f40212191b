import type { Incident } from '../coordination/incidents'
import type { Policy } from '../policy'
import { isPortError } from '../ports/errors'
import { resolveIsolateAndRecoverInput } from '../runbook/isolate-and-recover/input'
import type { BaseInput, RunState } from '../runbook/model'
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

/** Runbooks that an incident plans, and that nobody starts by their name alone: people have to say more than it knows. */
const PLANNED: Partial<Readonly<Record<RunbookName, (request: PlanRequest) => BaseInput>>> = {
  // Where to go back to is found once access is cut; the plan says so.
  'isolate-and-recover': ({ policy, incident, instances: { primary, replica } }) =>
    resolveIsolateAndRecoverInput(policy, {
      incidentId: incident.id,
      reasonCode: incident.reasonCode,
      writer: primary,
      successor: { ...primary, instance: `${primary.instance}-clean` },
      copies: [replica],
      findings: [],
      knownAt: incident.openedAt,
    }),
}

/**
 * A dry run of the runbook for an incident; undefined where people carry it out without one: no runbook of that name can be
 * planned, or the topology declares nothing that could take over.
 */
export function planOf(runbook: RunbookName | 'none', request: PlanRequest): RunState | undefined {
  if (runbook === 'none') return undefined
  const input = whereDeclared(() => inputOf(runbook, request))
  if (!input) return undefined
  const { id, openedBy } = request.incident
  return newRun(runbookNamed(runbook), { runId: id, mode: 'dry-run', startedBy: openedBy, input }, request.now)
}

function inputOf(runbook: RunbookName, request: PlanRequest): BaseInput | undefined {
  if (!isStarted(runbook)) return PLANNED[runbook]?.(request)
  const { id, reasonCode } = request.incident
  return STARTS[runbook].input(request.policy, request.instances, { incidentId: id, reasonCode })
}

function whereDeclared<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (isPortError(error) && error.failure === 'conflict') return undefined
    throw error
  }
}

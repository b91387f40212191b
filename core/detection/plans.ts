import type { Incident } from '../coordination/incidents'
import type { Policy } from '../policy'
import type { InstanceRef } from '../ports/database'
import type { RunState } from '../runbook/model'
import { newRun } from '../runbook/reducer'
import { regionFailover } from '../runbook/region-failover'
import { resolveMoveInput } from '../runbook/steps/resolve-input'
import type { RunbookName } from './scenarios'

export interface PlanRequest {
  readonly policy: Policy
  readonly incident: Incident
  readonly instances: { readonly primary: InstanceRef; readonly replica: InstanceRef }
  readonly now: Date
}

/** Runs that only plan, for the runbooks that are executable; the others are carried out by people so far. */
const PLANS: Partial<Record<RunbookName, (request: PlanRequest) => RunState>> = {
  'region-failover': ({ policy, incident, instances, now }) =>
    newRun(
      regionFailover,
      {
        runId: incident.id,
        mode: 'dry-run',
        startedBy: incident.openedBy,
        input: resolveMoveInput(policy, {
          incidentId: incident.id,
          reasonCode: incident.reasonCode,
          writer: instances.primary,
          successor: instances.replica,
        }),
      },
      now,
    ),
}

/** A dry run of the runbook for an incident; undefined where no runbook of that name can be executed. */
export const planOf = (runbook: RunbookName | 'none', request: PlanRequest): RunState | undefined =>
  runbook === 'none' ? undefined : PLANS[runbook]?.(request)

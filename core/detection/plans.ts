import type { Finding } from '../compliance/find'
import type { Incident } from '../coordination/incidents'
import type { Policy } from '../policy'
import { isPortError } from '../ports/errors'
import type { RestoreTarget } from '../ports/restore'
import { MAX_FINDINGS } from '../runbook/compliance-remediation/input'
import { respondToCorruption, type CorruptionFindings } from '../runbook/corruption-response'
import type { BaseInput, RunState } from '../runbook/model'
import { newRun } from '../runbook/reducer'
import { runbookNamed } from '../runbook/runbooks'
import { isStarted, STARTS, type DeclaredInstances } from '../runbook/starts'
import { RESPONSES, type RunbookName, type Scenario } from './scenarios'

/** What was found out about a disaster beyond that it was noticed. */
export interface Examined {
  readonly corruption?: CorruptionFindings
  readonly violations?: readonly Finding[]
}

export interface PlanRequest {
  readonly policy: Policy
  readonly incident: Incident
  readonly instances: DeclaredInstances
  readonly examined: Examined
  /** Where it was noticed. */
  readonly region: string
  readonly now: Date
}

/** The runbook that answers a disaster; what was found out about a corruption decides which one that is. */
export function answerTo(
  scenario: Scenario,
  { corruption }: Examined,
  { mechanisms }: Pick<Policy, 'mechanisms'>,
): RunbookName | 'none' {
  const usual = RESPONSES[scenario].runbook
  if (scenario !== 'database-corruption' || !corruption) return usual
  const { runbook } = respondToCorruption(corruption, mechanisms)
  // People have to find the last good state before they take the usual one.
  return runbook === 'none' ? usual : runbook
}

/**
 * A dry run of the runbook for an incident; undefined where people carry it out without one: no runbook of that name can be
 * planned, the topology declares nothing that could take over, or nobody has found out what the run would have to be told.
 */
export function planOf(runbook: RunbookName | 'none', request: PlanRequest): RunState | undefined {
  if (runbook === 'none') return undefined
  const input = whereDeclared(() => inputOf(runbook, request))
  if (!input) return undefined
  const { id, openedBy } = request.incident
  return newRun(runbookNamed(runbook), { runId: id, mode: 'dry-run', startedBy: openedBy, input }, request.now)
}

function inputOf(runbook: RunbookName, request: PlanRequest): BaseInput | undefined {
  if (!isStarted(runbook)) return undefined
  const { policy, incident, instances, region, examined } = request
  const target = lastGood(examined, policy)
  const { violations } = examined
  // Somebody has looked, and there is nothing to put right; where nobody has, the run looks itself.
  if (runbook === 'compliance-remediation' && violations?.length === 0) return undefined
  return STARTS[runbook].input(policy, instances, {
    incidentId: incident.id,
    reasonCode: incident.reasonCode,
    knownAt: incident.openedAt,
    ...(target && { target }),
    ...(violations && { findings: violations.slice(0, MAX_FINDINGS) }),
    ...regionIn(policy, violations?.[0]?.declared.region ?? region),
  })
}

/** What is noticed elsewhere, such as a call of IAM, is about the region that serves. */
const regionIn = ({ topology: { regions } }: Policy, region: string): { readonly region?: string } =>
  region === regions.primary || ('recovery' in regions && region === regions.recovery) ? { region } : {}

function lastGood({ corruption }: Examined, { mechanisms }: Policy): RestoreTarget | undefined {
  const response = corruption && respondToCorruption(corruption, mechanisms)
  return response?.runbook === 'point-in-time-recovery' ? response.target : undefined
}

function whereDeclared<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (isPortError(error) && error.failure === 'conflict') return undefined
    throw error
  }
}

import { openIncident, type Incident } from '../coordination/incidents'
import { inEither, type Places } from '../coordination/places'
import type { Policy } from '../policy'
import type { Clock } from '../ports/clock'
import type { InstanceRef } from '../ports/database'
import type { EvidenceLog } from '../ports/evidence-log'
import type { RunbookMachines } from '../ports/runbook-machines'
import { ALARMS, alarmOf, type AlarmDeclaration } from './alarms'
import { planOf } from './plans'
import { RESPONSES, type RunbookName, type Scenario, type Severity } from './scenarios'

/** An alarm that began to ring. */
export interface Ringing {
  readonly alarmName: string
  readonly region: string
  readonly at: Date
}

export interface IntakeWorld {
  readonly policy: Policy
  readonly places: Places
  readonly machines: RunbookMachines
  readonly evidence: EvidenceLog
  readonly clock: Clock
  readonly instances: { readonly primary: InstanceRef; readonly replica: InstanceRef }
}

/**
 * - `foreign`: not an alarm of the register
 * - `signal`: one that a composite alarm weighs; it opens nothing by itself
 * - `incident`: opened, or joined where the same alarm rang before in the same window
 */
export type Intake =
  | { readonly outcome: 'foreign' | 'signal' }
  | { readonly outcome: 'incident'; readonly incident: Incident; readonly answer: Answer }

/** Who answers: a planning run of a runbook, or people with the guide of the incident. */
export type Answer =
  | { readonly kind: 'plan'; readonly runbook: RunbookName }
  | { readonly kind: 'people'; readonly runbook: RunbookName | 'none' }

/**
 * From a ringing alarm to an incident and, where the region can execute the runbook that answers it, to its plan.
 * Nothing is changed in the world but that. Repeating it with the same alarm in the same window opens, plans and records
 * nothing twice, so that a failure in the middle is healed by the next attempt.
 */
export async function takeAlarm(world: IntakeWorld, ringing: Ringing): Promise<Intake> {
  const { policy, places, machines, clock } = world
  const found = alarmOf(`${policy.application}-${policy.environment}`, ringing.alarmName)
  if (!found) return { outcome: 'foreign' }
  const alarm: AlarmDeclaration = ALARMS[found.id]
  const { opens } = alarm
  if (opens === 'none') return { outcome: 'signal' }
  const name = [found.id, found.subject].filter(Boolean).join('-')
  const incident = await inEither(places, (store) =>
    openIncident(store, {
      id: incidentId(name, ringing, policy.operations.incidents.windowMinutes),
      ...classify(alarm, opens),
      reasonCode: codeOf(name),
      openedBy: 'incident-intake',
      openedAt: ringing.at.toISOString(),
    }),
  )
  const { runbook } = RESPONSES[opens]
  const plan = planOf(runbook, { ...world, incident, now: clock.now() })
  const executable = plan && runbook !== 'none' && machines.has(runbook)
  if (executable) await machines.start(runbook, plan)
  const answer: Answer = executable ? { kind: 'plan', runbook } : { kind: 'people', runbook }
  await record(world, incident, answer)
  return { outcome: 'incident', incident, answer }
}

/** A disaster is as grave as its response says, or as the alarm that found it; its guide is the one of the disaster. */
function classify(alarm: AlarmDeclaration, scenario: Scenario): Pick<Incident, 'scenario' | 'severity' | 'guide'> {
  const { severity, byHand, runbook } = RESPONSES[scenario]
  return { scenario, severity: graver(alarm.severity, severity), guide: runbook === 'none' ? alarm.guide : byHand }
}

const GRAVITY: Readonly<Record<Severity, number>> = { medium: 1, high: 2, critical: 3 }
const graver = (a: Severity, b: Severity): Severity => (GRAVITY[a] >= GRAVITY[b] ? a : b)

/** The same for every ringing of one alarm in one window, and fit for the name of an execution. */
function incidentId(name: string, { region, at }: Ringing, windowMinutes: number): string {
  const windowMs = windowMinutes * 60_000
  const start = new Date(Math.floor(at.getTime() / windowMs) * windowMs)
  return [name, region, start.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')].join('-').replaceAll(/[^\w-]/g, '-')
}

const codeOf = (name: string): string => `ALARM_${name.toUpperCase().replaceAll(/\W/g, '_')}`

async function record({ evidence, clock }: IntakeWorld, incident: Incident, answer: Answer): Promise<void> {
  await evidence.append({
    key: `incident/${incident.id}`,
    kind: 'incident',
    subject: incident.scenario,
    startedAt: incident.openedAt,
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: {
      incident: incident.id,
      severity: incident.severity,
      reason: incident.reasonCode,
      answer: answer.kind,
      runbook: answer.runbook,
    },
    artefacts: [],
    controls: ['INCIDENT-DETECTION'],
    actor: incident.openedBy,
  })
}

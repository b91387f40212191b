import { openIncident, type Incident } from '../coordination/incidents'
import { inEither, type Places } from '../coordination/places'
import type { Policy } from '../policy'
import type { Clock } from '../ports/clock'
import type { EvidenceLog } from '../ports/evidence-log'
import type { RunbookMachines } from '../ports/runbook-machines'
import type { IntrusionFinding } from '../runbook/isolate-and-recover/input'
import type { DeclaredInstances } from '../runbook/starts'
import { ALARMS, alarmOf, type AlarmDeclaration } from './alarms'
import { answerTo, planOf, type Examined } from './plans'
import { RESPONSES, type RunbookName, type Scenario, type Severity } from './scenarios'
import { sensitiveCallOf, type RecordedCall } from './sensitive-calls'

/** Where and when something was noticed. */
interface Moment {
  readonly region: string
  readonly at: Date
}

/** An alarm that began to ring. */
export interface Ringing extends Moment {
  readonly alarmName: string
}

/** A call that the trail tells of. */
export interface Called extends Moment, RecordedCall {}

/** A finding of GuardDuty. */
export interface Found extends Moment {
  /** Such as `CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin`. */
  readonly type: string
  /** 1 to 10. */
  readonly severity: number
}

/** What the monitors of the data saw; the codes are those that the answer to an attack counts. */
export interface DataFound extends Moment {
  readonly finding: IntrusionFinding
}

export interface IntakeWorld {
  readonly policy: Policy
  readonly places: Places
  readonly machines: RunbookMachines
  readonly evidence: EvidenceLog
  readonly clock: Clock
  readonly instances: DeclaredInstances
  /** Looks closer at what was noticed, before its answer is planned. @default nobody does, and people find out */
  readonly examine?: (scenario: Scenario) => Promise<Examined>
}

/**
 * - `foreign`: not an alarm or a call of a register
 * - `signal`: opens nothing by itself: an alarm that only pages or that a composite one weighs, a finding of little weight
 * - `incident`: opened, or joined where the same was noticed before in the same window and is not closed
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
 * nothing twice, so that a failure in the middle is healed by the next attempt: the function's contract asks Lambda for it,
 * since an alarm that rings on does not begin to ring again.
 */
export async function takeAlarm(world: IntakeWorld, ringing: Ringing): Promise<Intake> {
  const { policy } = world
  const found = alarmOf(`${policy.application}-${policy.environment}`, ringing.alarmName)
  if (!found) return { outcome: 'foreign' }
  const alarm: AlarmDeclaration = ALARMS[found.id]
  const { opens } = alarm
  if (opens === 'none') return { outcome: 'signal' }
  const name = [found.id, found.subject].filter(Boolean).join('-')
  return open(world, ringing, { kind: 'alarm', name, ...classify(alarm, opens) })
}

/** The same for a call of the register, wherever in the account it was made. */
export async function takeCall(world: IntakeWorld, call: Called): Promise<Intake> {
  const found = sensitiveCallOf(world.policy, call)
  if (!found) return { outcome: 'foreign' }
  const { opens, guide, severity } = found.kind
  return open(world, call, {
    kind: 'call',
    name: call.refused ? `${found.id}-refused` : found.id,
    scenario: opens,
    severity: call.refused ? MILDER[severity] : severity,
    guide,
  })
}

/** The same for a finding of GuardDuty, as grave as the policy says of its number. */
export async function takeFinding(world: IntakeWorld, finding: Found): Promise<Intake> {
  const { incidentFrom, highFrom, criticalFrom } = world.policy.governance.findings
  if (finding.severity < incidentFrom) return { outcome: 'signal' }
  return open(world, finding, {
    kind: 'finding',
    name: finding.type.toLowerCase().replaceAll(/\W+/g, '-'),
    scenario: 'security-incident',
    severity: finding.severity >= criticalFrom ? 'critical' : finding.severity >= highFrom ? 'high' : 'medium',
    guide: ALARMS['security-finding'].guide,
  })
}

/** The same for data that is being rewritten or deleted; all findings of one window belong to one incident. */
export const takeDataFinding = (world: IntakeWorld, { finding, ...moment }: DataFound): Promise<Intake> =>
  open(world, moment, {
    kind: 'finding',
    name: 'data-attacked',
    scenario: 'security-incident',
    severity: finding === 'CONTENT_DIFFERS' ? 'high' : 'critical',
    guide: RESPONSES['security-incident'].byHand,
  })

/** What was noticed, in terms of the incident it opens. */
interface Noticed extends Pick<Incident, 'severity' | 'guide'> {
  readonly kind: 'alarm' | 'call' | 'finding'
  /** The same for whatever belongs into one incident. */
  readonly name: string
  readonly scenario: Scenario
}

async function open(world: IntakeWorld, moment: Moment, { kind, name, ...opened }: Noticed): Promise<Intake> {
  const { policy, places, machines, clock } = world
  const incident = await inEither(places, (store) =>
    openIncident(store, {
      id: incidentId(name, moment, policy.operations.incidents.windowMinutes),
      ...opened,
      reasonCode: `${kind}_${name}`.toUpperCase().replaceAll(/\W/g, '_'),
      openedBy: 'incident-intake',
      openedAt: moment.at.toISOString(),
    }),
  )
  const examined = (await world.examine?.(opened.scenario)) ?? {}
  const runbook = answerTo(opened.scenario, examined, policy)
  const plan = planOf(runbook, { ...world, incident, examined, region: moment.region, now: clock.now() })
  const executable = plan && runbook !== 'none' && machines.has(runbook, plan.input.region)
  if (executable) await machines.start(runbook, plan)
  const answer: Answer = executable ? { kind: 'plan', runbook } : { kind: 'people', runbook }
  await record(world, incident, answer)
  return { outcome: 'incident', incident, answer }
}

/** A disaster is as grave as its response says, or as the alarm that found it; its guide is the one of the disaster. */
function classify(alarm: AlarmDeclaration, scenario: Scenario): Omit<Noticed, 'kind' | 'name'> {
  const { severity, byHand, runbook } = RESPONSES[scenario]
  return { scenario, severity: graver(alarm.severity, severity), guide: runbook === 'none' ? alarm.guide : byHand }
}

const GRAVITY: Readonly<Record<Severity, number>> = { medium: 1, high: 2, critical: 3 }
const graver = (a: Severity, b: Severity): Severity => (GRAVITY[a] >= GRAVITY[b] ? a : b)
const MILDER: Readonly<Record<Severity, Severity>> = { critical: 'high', high: 'medium', medium: 'medium' }

/** Names of executions have 80 characters (Step Functions API reference, StartExecution), some for what recurs: `-2` to `-99`. */
const LONGEST_ID = 80 - '-99'.length

/** The same for everything of one name in one region and window, and fit for the name of an execution. */
function incidentId(name: string, { region, at }: Moment, windowMinutes: number): string {
  const windowMs = windowMinutes * 60_000
  const start = new Date(Math.floor(at.getTime() / windowMs) * windowMs)
  const where = `-${region}-${start.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}`
  return `${name.slice(0, LONGEST_ID - where.length)}${where}`.replaceAll(/[^\w-]/g, '-')
}

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

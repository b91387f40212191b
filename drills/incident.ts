import { alarmName, type AlarmId } from '../core/detection/alarms'
import { takeAlarm, type Answer, type Intake, type IntakeWorld } from '../core/detection/intake'
import type { Incident } from '../core/coordination/incidents'
import { resolveIncident } from '../core/coordination/resolve-incident'
import { contentHash } from '../core/evidence'
import type { Json } from '../core/json'
import { exactly, type Objective } from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { EvidenceLog } from '../core/ports/evidence-log'
import type { AnsweredIncident } from '../core/reporting'
import { again } from './again'
import { PlanningMachines, type RunPlan } from './planning-machines'

/** What the incidents of a drill are opened in. */
export interface Scene extends Pick<IntakeWorld, 'instances'> {
  readonly policy: Policy
  readonly ports: Ports
  readonly runId: string
  readonly say: (text: string) => void
}

type Recorded = Awaited<ReturnType<EvidenceLog['append']>>

/** An incident that the drill's detector opened, and the plan that answers it. */
export interface OpenedIncident {
  readonly incident: Incident
  readonly answer: Answer
  /** None where people answer. */
  readonly plan?: RunPlan
  readonly recorded: Recorded
  /** From what was noticed to the plan. */
  readonly seconds: number
}

/** The incidents of one drill. */
export interface DrillIncidents {
  /** Through the intake of production, with its plan. What is noticed again joins the incident. */
  open(
    notice: (world: IntakeWorld) => Promise<Intake>,
    /** Looks closer at what was noticed. @default nobody does: the alarm says enough */
    examine?: IntakeWorld['examine'],
  ): Promise<OpenedIncident>
  /** Ends an incident, as a person does once the cause is known. */
  close(opened: OpenedIncident): Promise<void>
}

/** Lets an alarm of the register ring, as it would where what it watches is deployed. */
export const ring =
  (alarm: AlarmId, region: string) =>
  (world: IntakeWorld): Promise<Intake> =>
    takeAlarm(world, {
      alarmName: alarmName(`${world.policy.application}-${world.policy.environment}`, alarm),
      region,
      at: world.clock.now(),
    })

export function incidentsOf({ policy, ports, runId, instances, say }: Scene): DrillIncidents {
  const { coordination: places, clock } = ports
  const machines = new PlanningMachines(ports)
  const recorded = new Map<string, Recorded>()
  const evidence: EvidenceLog = {
    // The world of a drill is a new one, and names its incidents by the hour like the one before it.
    append: async (draft) => {
      const record = await ports.evidence.append({ ...draft, key: `${runId}/${draft.key}` })
      recorded.set(draft.key, record)
      return record
    },
  }
  return {
    open: async (notice, examine) => {
      const beganMs = clock.monotonicMs()
      const intake = { policy, places, machines, evidence, clock, instances, ...(examine && { examine }) }
      const taken = await again(clock, () => notice(intake))
      if (taken.outcome !== 'incident') throw new Error(`what the drill noticed opens no incident: ${taken.outcome}`)
      const { incident, answer } = taken
      const plan = machines.planOf(incident.id)
      say(`incident ${incident.id}: ${plan ? `planned ${plan.runbook}` : `left to people, ${answer.runbook}`}`)
      return {
        incident,
        answer,
        ...(plan && { plan }),
        recorded: recorded.get(`incident/${incident.id}`)!,
        seconds: (clock.monotonicMs() - beganMs) / 1000,
      }
    },
    close: async ({ incident: { id } }) => {
      const resolution = { incident: id, closedBy: 'drill', causeCode: 'DRILL' }
      await again(clock, () => resolveIncident({ places, evidence, clock }, resolution))
    },
  }
}

/** What was executed has to be what the incident had planned. */
export const asPlanned = ({ plan }: OpenedIncident, executed: string): Objective =>
  exactly('runbook that the incident had planned', executed, plan?.runbook ?? 'none')

/** The incident and its plan as the record of the drill holds them: what its steps saw is much, and its hash is enough. */
export const inRecord = ({ incident, answer, plan, seconds }: OpenedIncident): Readonly<Record<string, Json>> => ({
  incident: incident.id,
  scenario: incident.scenario,
  severity: incident.severity,
  noticedAs: incident.reasonCode,
  answer: answer.kind,
  planned: plan?.runbook ?? null,
  planHash: plan ? contentHash(plan) : null,
  planSeconds: seconds,
})

/** The same for the report, with what each step would have done. */
export const inReport = ({ incident, answer, plan, seconds }: OpenedIncident): AnsweredIncident => ({
  incident,
  runbook: answer.runbook,
  steps: plan?.steps ?? [],
  planSeconds: seconds,
})

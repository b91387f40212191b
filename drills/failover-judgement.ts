import type { OldPrimaryAttempt } from '../adapters/local/old-primary'
import {
  acceptedByOldPrimary,
  breakDown,
  clinicObjectives,
  failoverObjectives,
  phaseSeconds,
  type Objective,
  type PhaseSpan,
  type Projection,
  type REGION_FAILOVER_PHASES,
} from '../core/measurement'
import type { Policy } from '../core/policy'
import type { RunState } from '../core/runbook/model'
import type { ObservedClinic } from './clinic-judgement'
import type { Observation } from './observation'
import type { Strike } from './strike'

/** A failover that was played, and how it is to be read. */
export interface PlayedFailover {
  readonly struck: Strike
  readonly run: RunState
  readonly observation: Observation
  /** What was seen of the clinic beside its database, where it was open. */
  readonly clinic?: ObservedClinic
  readonly oldPrimary: readonly OldPrimaryAttempt[]
  /** Step of the runbook that ends each phase. */
  readonly phases: typeof REGION_FAILOVER_PHASES
  readonly project: (policy: Policy, measured: { readonly reconnectSeconds: number }) => Projection
  /** Whether commits waited for what took over: then nothing acknowledged may be lost. */
  readonly isSynchronous: boolean
}

/** The phases of the outage, the objectives of the policy, and the same outage at production's pace. */
export function judgeFailover(
  policy: Policy,
  { struck, run, observation, clinic, oldPrimary, phases: endsWith, project, isSynchronous }: PlayedFailover,
): { phases: PhaseSpan[]; projection: Projection; objectives: Objective[] } {
  const { measured, counted } = observation
  const loss = counted?.loss
  const phases = breakDown({
    faultAt: struck.at,
    steps: Object.entries(run.steps).map(([name, { finishedAt }]) => ({ name, ...(finishedAt ? { finishedAt } : {}) })),
    endsWith,
    ...(measured.servedAgainAt ? { servedAgainAt: measured.servedAgainAt } : {}),
  })
  const projection = project(policy, { reconnectSeconds: phaseSeconds(phases).reconnectSeconds ?? 0 })
  const validated = run.steps['validate']
  const objectives = failoverObjectives(policy.objectives, {
    outageSeconds: measured.outage?.seconds,
    projectedOutageSeconds: projection.totalSeconds,
    rpoSeconds: loss?.rpoSeconds,
    dataRecoverySeconds: validated?.finishedAt
      ? (Date.parse(validated.finishedAt) - Date.parse(struck.at)) / 1000
      : undefined,
    content: (validated?.output as { verdict?: 'pass' | 'fail' | 'inconclusive' } | undefined)?.verdict,
    ghosts: loss?.ghost,
    disagreements: counted?.disagreements,
    oldPrimaryWritesAccepted: acceptedByOldPrimary(oldPrimary),
    ...(clinic && { criticalRpoSeconds: clinic.criticalRpoSeconds }),
    ...(isSynchronous && loss ? { lostUnderSync: loss.lost } : {}),
  })
  return {
    phases,
    projection,
    objectives: [...objectives, ...(clinic ? clinicObjectives(policy.objectives, clinic) : [])],
  }
}

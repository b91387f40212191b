import { writeFile } from 'node:fs/promises'
import type { drawCharts } from '../adapters/local/charts'
import type { OldPrimaryAttempt } from '../adapters/local/old-primary'
import {
  drillResultSchema,
  phaseSeconds,
  verdictOf,
  type DrillResult,
  type Objective,
  type PhaseSpan,
  type Projection,
  type WorkloadMeasurement,
} from '../core/measurement'
import type { EvidenceDraft } from '../core/ports/evidence-log'
import { drillCharts, drillReport, type AttemptList, type DrillContext } from '../core/reporting'
import { asPlanned, inRecord, inReport, type OpenedIncident } from './incident'
import type { Observation } from './observation'
import { evidenceOf, stepsOf, type PlayedRun } from './played-run'
import type { Stage } from './stage'

/** What came of a drill, to be judged, recorded and reported. */
export interface Conclusion {
  /** What the alarm led to, and what closes it once the drill has recovered. */
  readonly answered: OpenedIncident
  readonly runs: readonly PlayedRun[]
  readonly observation: Observation
  readonly phases: readonly PhaseSpan[]
  readonly objectives: readonly Objective[]
  readonly projection: Projection
  /** What the projected outage is held against. @default the objective of critical services */
  readonly targetSeconds?: number
  readonly oldPrimary: readonly OldPrimaryAttempt[]
  /** From the fault to the end of a validation of compliance. @default there was none */
  readonly validatedSeconds?: number
  /** What the record says of the drill besides the usual measurements. */
  readonly record: Pick<EvidenceDraft, 'measurements' | 'controls'>
  readonly scene: Pick<DrillContext, 'fault' | 'replication' | 'from' | 'to'>
  /** Assumptions of this drill that its report tells. @default none */
  readonly notes?: readonly string[]
}

/** A drill's answer and what its clients saw in detail. */
export interface Rehearsed {
  readonly result: DrillResult
  readonly measured: WorkloadMeasurement
}

const NONE: AttemptList = { count: 0, ids: [] }
const NOTHING_COUNTED = { lost: NONE, ghost: NONE, unknown: NONE }

/** Judges a drill, records it in the chain of evidence, and writes its report. */
export async function conclude(stage: Stage, conclusion: Conclusion, draw: typeof drawCharts): Promise<Rehearsed> {
  const { drill, size, world, evidence, runId, startedAt, prefix, incidents } = stage
  const { answered, runs, observation, phases, projection, oldPrimary, record, scene } = conclusion
  const { measured, counted } = observation
  const loss = counted?.loss
  const artefacts = counted?.artefacts ?? []
  const objectives = [...conclusion.objectives, asPlanned(answered, runs[0]?.run.runbook ?? 'none')]
  const isRecovered = runs.every(({ run }) => run.outcome === 'succeeded')
  if (isRecovered) await incidents.close(answered)
  const verdict = isRecovered ? verdictOf(objectives) : 'fail'
  const measurements: DrillResult['measurements'] = {
    outageSeconds: measured.outage?.seconds ?? null,
    ...phaseSeconds(phases),
    rpoSeconds: loss?.rpoSeconds ?? null,
    acknowledged: loss?.acknowledged ?? measured.acknowledged,
    lost: loss?.lost ?? null,
    ghost: loss?.ghost ?? null,
    unknown: loss?.unknown ?? measured.unknown,
    ...(conclusion.validatedSeconds !== undefined && { validatedSeconds: conclusion.validatedSeconds }),
  }
  const recorded = await evidence.record(verdict, objectives, {
    key: runId,
    subject: drill,
    startedAt,
    measurements: {
      run: runId,
      ...inRecord(answered),
      ...record.measurements,
      clients: size.clients,
      patients: size.rows,
      ...measurements,
    },
    artefacts: artefacts.map(({ name, sha256 }) => ({ name, sha256 })),
    controls: record.controls,
  })
  const report = `${prefix}.html`
  const result: DrillResult = drillResultSchema.parse({
    drill,
    verdict,
    objectives,
    measurements,
    steps: runs.flatMap(stepsOf),
    evidence: [
      { ...answered.recorded, artefacts: [] },
      ...runs.flatMap(({ run }) => evidenceOf(run)),
      { ...recorded, artefacts: [...artefacts] },
    ].map((entry) => ({
      ...entry,
      region: world.plan.regions.recovery,
    })),
    report,
    lessons: evidence.lessons(runId),
  })
  const context: DrillContext = {
    ...scene,
    environment: size.policy.environment,
    policyHash: evidence.policyHash,
    startedAt,
    clients: size.clients,
    incident: inReport(answered),
    phases,
    ...(counted?.ids ?? NOTHING_COUNTED),
    projection: {
      ...projection,
      targetSeconds: conclusion.targetSeconds ?? size.policy.objectives.rto.criticalServicesMinutes * 60,
    },
    oldPrimary: oldPrimary.map(({ path, role, outcome, code }) => ({
      way: path,
      role,
      refused: outcome === 'refused',
      code: code ?? outcome,
    })),
    notes: conclusion.notes ?? [],
  }
  await writeFile(report, drillReport(result, measured, context, await draw(drillCharts(measured, phases))))
  return { result, measured }
}

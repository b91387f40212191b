import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { referenceOf, type Finding } from '../../core/compliance/find'
import { kindOf } from '../../core/compliance/finding-kinds'
import { readRevisions } from '../../core/compliance/procedure-revisions'
import { revisedProcedure } from '../../core/compliance/revised-procedure'
import { sha256 } from '../../core/evidence'
import {
  atMost,
  drillResultSchema,
  exactly,
  NOTHING_MEASURED,
  verdictOf,
  type Artefact,
  type DrillResult,
  type Objective,
} from '../../core/measurement'
import type { OperatorWorld } from '../../core/operator'
import { complianceReport } from '../../core/reporting'
import { complianceRemediation } from '../../core/runbook/compliance-remediation'
import type { DrillEvidence } from '../drill-evidence'
import { asPlanned, inRecord, inReport } from '../incident'
import { evidenceOf, stepsOf } from '../played-run'
import { isFound } from './detection'
import type { ComplianceViolationOptions } from './index'
import type { Planted } from './planted-violations'
import type { Remedied } from './remediation'

/** What was planted, and what became of it. */
export interface PlayedViolation {
  readonly planted: readonly Planted[]
  readonly named: ReadonlySet<Planted>
  readonly before: readonly Finding[]
  readonly found: readonly Finding[]
  readonly left: readonly Finding[]
  readonly plantedAt: Date
  readonly detectSeconds: number
  /** Nothing was found, so that nothing was remedied. */
  readonly remedied?: Remedied
  /** Roles that have not acknowledged the training. */
  readonly open: number
  readonly lookedAt: number
}

/** Where a drill of violations is recorded. */
export interface Desk {
  readonly options: ComplianceViolationOptions
  readonly operator: OperatorWorld
  readonly evidence: DrillEvidence
  readonly runId: string
  readonly startedAt: string
}

type Revision = Awaited<ReturnType<typeof readRevisions>>[number]

/** Judges the drill, records it, and writes the revised procedure and the report. */
export async function conclude(desk: Desk, played: PlayedViolation): Promise<DrillResult> {
  const { options, evidence, runId, startedAt } = desk
  const { policy, folder, violations } = options
  const { detectSeconds, left, remedied, lookedAt } = played
  const { regions } = policy.topology
  const run = remedied?.run
  const all = await readRevisions(desk.operator.places.recovery, policy.documentControl.version)
  const revisions = all.filter((revision) => revision.run === runId)
  const validatedSeconds = secondsToValidation(played)
  const objectives = judge(options, played, revisions)
  if (remedied && run?.outcome === 'succeeded') await remedied.incidents.close(remedied.answered)
  const verdict = verdictOf(objectives)
  const reports = join(folder, 'reports')
  await mkdir(reports, { recursive: true })
  const artefact = await writeProcedure(join(reports, `${runId}-procedure.md`), policy.documentControl.version, all)
  const record = await evidence.record(verdict, objectives, {
    key: runId,
    subject: 'compliance-violation',
    startedAt,
    measurements: {
      run: runId,
      ...(remedied && inRecord(remedied.answered)),
      violations: [...violations],
      lookedAt,
      detectSeconds,
      validatedSeconds: validatedSeconds ?? null,
      left: left.length,
      revisions: revisions.map(({ number }) => number),
    },
    artefacts: [{ name: artefact.name, sha256: artefact.sha256 }],
    controls: ['BCP-06', 'RTO-COMPLIANCE-VALIDATION'],
  })
  const report = join(reports, `${runId}.html`)
  const result = drillResultSchema.parse({
    drill: 'compliance-violation',
    verdict,
    objectives,
    measurements: { ...NOTHING_MEASURED, detectSeconds, validatedSeconds: validatedSeconds ?? null },
    steps: run ? stepsOf({ runbook: complianceRemediation, run }) : [],
    evidence: [
      ...(remedied ? [{ ...remedied.answered.recorded, artefacts: [] }, ...evidenceOf(remedied.run)] : []),
      { ...record, artefacts: [artefact] },
    ].map((entry) => ({ ...entry, region: regions.recovery })),
    report,
    lessons: evidence.lessons(runId),
  })
  await writeFile(
    report,
    complianceReport(result, {
      environment: policy.environment,
      policyHash: evidence.policyHash,
      startedAt,
      violations: outcomesOf(played),
      lookedAt,
      revisions,
      ...(remedied && { incident: inReport(remedied.answered) }),
    }),
  )
  return result
}

function judge(
  { policy, violations }: ComplianceViolationOptions,
  played: PlayedViolation,
  revisions: readonly Revision[],
): Objective[] {
  const { planted, named, before, left, remedied, open } = played
  const sections = new Set(violations.map((code) => kindOf(code).section))
  const unrevised = [...sections].filter((section) => !revisions.some((revision) => revision.section === section))
  const unfound = outcomesOf(played).filter(({ found }) => !found)
  return [
    atMost('violations before anything was planted', 0, before.length),
    atMost('planted violations that the comparison of postures did not name', 0, planted.length - named.size),
    atMost('planted violations that were not found in the account', 0, unfound.length),
    ...(remedied ? [asPlanned(remedied.answered, remedied.run.runbook)] : []),
    exactly('end of the runbook', 'succeeded', remedied?.run.outcome),
    atMost('violations left in the account', 0, left.length),
    atMost(
      'from planting to validation, seconds',
      policy.objectives.rto.complianceValidationMinutes * 60,
      secondsToValidation(played),
    ),
    atMost('sections of the procedure without a revision', 0, unrevised.length),
    atMost('roles that have not acknowledged the training', 0, open),
  ]
}

const outcomesOf = ({ planted, named, found, left }: PlayedViolation) =>
  planted.map((one) => ({
    code: one.code,
    resource: referenceOf(one.thing),
    namedByPosture: named.has(one),
    found: isFound(one, found),
    remedied: isFound(one, found) && !isFound(one, left),
  }))

function secondsToValidation({ remedied, plantedAt }: PlayedViolation): number | undefined {
  const { status, finishedAt } = remedied?.run.steps['validate'] ?? {}
  return status === 'done' && finishedAt ? (Date.parse(finishedAt) - plantedAt.getTime()) / 1000 : undefined
}

async function writeProcedure(path: string, version: string, revisions: readonly Revision[]): Promise<Artefact> {
  const text = revisedProcedure(version, revisions)
  await writeFile(path, text)
  return { name: path.slice(path.lastIndexOf('/') + 1), path, sha256: sha256(text) }
}

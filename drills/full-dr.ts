import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../adapters/local/clock'
import {
  drillResultSchema,
  fullDrMeasurements,
  fullDrObjectives,
  fullDrVerdict,
  type DrillResult,
} from '../core/measurement'
import type { TwoRegionPolicy } from '../core/policy'
import type { Reporter } from '../core/ports/reporter'
import { fullDrReport } from '../core/reporting'
import { openDrillEvidence } from './drill-evidence'

/** One drill of the whole, and how it is played. */
export interface Part {
  readonly name: string
  play(reporter: Reporter): Promise<DrillResult>
}

export interface FullDrOptions {
  readonly policy: TwoRegionPolicy
  /** In the order in which they are played. */
  readonly parts: readonly Part[]
  /** Folder of evidence, keys and reports. */
  readonly folder: string
}

/**
 * The monthly full drill: every disaster one after the other, the four recovery time objectives judged over all of them, and
 * one report. A drill that breaks off fails the whole, and the others are played all the same.
 */
export async function fullDr({ policy, parts, folder }: FullDrOptions, reporter: Reporter): Promise<DrillResult> {
  const runId = `drill-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const results: DrillResult[] = []
  const brokenOff: string[] = []
  for (const part of parts) {
    const { name } = part
    const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text: `${name}: ${text}` })
    try {
      const result = await part.play({ emit: ({ text }) => say(text) })
      results.push(result)
      say(result.verdict)
    } catch (error) {
      brokenOff.push(name)
      say(`broke off: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const { recovery } = policy.topology.regions
  const evidence = await openDrillEvidence(folder, recovery, policy, systemClock)
  const measured = fullDrObjectives(policy.objectives, results)
  const objectives = [
    ...measured,
    { name: 'drills that broke off', target: 0, measured: brokenOff.length, met: brokenOff.length === 0 },
  ]
  const verdict = brokenOff.length > 0 ? 'fail' : fullDrVerdict(results, objectives)
  const measurements = fullDrMeasurements(results)
  const record = await evidence.record(verdict, objectives, {
    key: runId,
    subject: 'full-dr',
    startedAt,
    measurements: {
      run: runId,
      drills: results.map(({ drill, verdict: own }) => `${drill}:${own}`),
      brokenOff,
      ...measurements,
    },
    artefacts: [],
    controls: ['RTO-CRITICAL-SERVICES', 'RTO-FULL-SYSTEM', 'RTO-DATA-RECOVERY', 'RTO-COMPLIANCE-VALIDATION'],
  })
  const reports = join(folder, 'reports')
  await mkdir(reports, { recursive: true })
  const report = join(reports, `${runId}.html`)
  const result = drillResultSchema.parse({
    drill: 'full-dr',
    verdict,
    objectives,
    measurements,
    steps: results.map(({ drill, verdict: own, steps, measurements: part }) => ({
      name: drill,
      title: `Drill: ${drill.replaceAll('-', ' ')}`,
      outcome: own,
      attempts: 1,
      startedAt: steps[0]?.startedAt ?? null,
      seconds: part.outageSeconds,
    })),
    evidence: [...results.flatMap((part) => part.evidence), { ...record, region: recovery, artefacts: [] }],
    report,
    lessons: evidence.lessons(runId),
  })
  await writeFile(
    report,
    fullDrReport(result, {
      environment: policy.environment,
      policyHash: evidence.policyHash,
      startedAt,
      parts: results,
    }),
  )
  return result
}

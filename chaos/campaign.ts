import { runSchedule, type RunReport, type Violation } from './run-schedule'
import { scheduleOf, type Schedule } from './schedule'

export interface CampaignOptions {
  /** Seed of the first run; the next ones follow it. */
  readonly seed: number
  readonly runs: number
  /** Ends with the first run that breaks an invariant. @default false */
  readonly stopAtFirst?: boolean
}

/** A run that broke an invariant, with all it takes to see it again. */
export interface Finding {
  readonly schedule: Schedule
  readonly violations: readonly Violation[]
}

export interface CampaignReport {
  readonly runs: number
  readonly outcomes: Readonly<Record<string, number>>
  /** Where runs stopped, and why. */
  readonly stops: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
  /** In how many runs a fault was met at a step. */
  readonly cells: ReadonlyMap<string, number>
}

/** Runs one seed after the other and counts what came of it. */
export async function campaign(
  { seed, runs, stopAtFirst = false }: CampaignOptions,
  progress: (done: number, findings: number) => void = () => {},
): Promise<CampaignReport> {
  const outcomes: Record<string, number> = {}
  const stops: Record<string, number> = {}
  const findings: Finding[] = []
  const cells = new Map<string, number>()
  let done = 0
  const isEnough = () => done >= runs || (stopAtFirst && findings.length > 0)
  while (!isEnough()) {
    const report = await runSchedule(scheduleOf(seed + done))
    done += 1
    add(outcomes, report.outcome)
    if (report.stoppedBy) add(stops, report.stoppedBy)
    for (const cell of report.cells) cells.set(cell, (cells.get(cell) ?? 0) + 1)
    if (report.violations.length > 0) findings.push(findingOf(report))
    progress(done, findings.length)
  }
  return { runs: done, outcomes, stops, findings, cells }
}

const findingOf = ({ schedule, violations }: RunReport): Finding => ({ schedule, violations })

const add = (counts: Record<string, number>, what: string): void => {
  counts[what] = (counts[what] ?? 0) + 1
}

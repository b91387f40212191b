import type { Policy } from '../../core/policy'
import { runReal, type RealRunReport } from './run'
import { realScheduleOf, type RealSchedule } from './schedule'

/** Runs one schedule after the other on worlds of their own. */
export async function realCampaign(
  schedules: readonly RealSchedule[],
  size: { readonly policy: Policy; readonly folder: string },
  progress: (report: RealRunReport) => void,
): Promise<readonly RealRunReport[]> {
  const reports: RealRunReport[] = []
  for (const schedule of schedules) {
    const report = await runReal(schedule, size).catch((error: unknown) => notPlayed(schedule, error))
    reports.push(report)
    progress(report)
  }
  return reports
}

export const realSchedules = (seed: number, runs: number): readonly RealSchedule[] =>
  Array.from({ length: runs }, (_, at) => realScheduleOf(seed + at))

/** A world that could not be built or looked at says nothing about a runbook, and ends no campaign: it is a finding of its own. */
const notPlayed = (schedule: RealSchedule, error: unknown): RealRunReport => ({
  schedule,
  observed: [],
  outcome: 'not played',
  stoppedBy: undefined,
  loss: undefined,
  rpoSeconds: undefined,
  violations: [{ invariant: 'the run can be played and judged', what: String(error) }],
  seconds: 0,
})

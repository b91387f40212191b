import { worldsLeft } from '../adapters/local/scratch'
import { atMost, drillResultSchema, median, verdictOf, type DrillResult } from '../core/measurement'
import type { Reporter } from '../core/ports/reporter'
import type { Rehearsed } from './conclusion'
import { regionalOutage, type RegionalOutageOptions } from './regional-outage'

export type Fault = RegionalOutageOptions['fault']

export interface CampaignOptions extends Omit<RegionalOutageOptions, 'fault' | 'replayPausedSeconds'> {
  readonly faults: readonly Fault[]
  /** Runs of each fault. */
  readonly runs: number
}

/** One run of a campaign, as far as the whole is judged by it. */
interface Run {
  readonly fault: Fault
  readonly startedAt: string
  readonly result: DrillResult
  readonly perSecondBefore: number
}

/**
 * Rehearses each fault again and again, one run after the other, and judges all of them together: what holds once may
 * hold by luck. Seconds are medians over the runs, the RPO is the worst, counts are sums.
 */
export async function campaign(
  { faults, runs, ...options }: CampaignOptions,
  reporter: Reporter,
  rehearse: (options: RegionalOutageOptions, reporter: Reporter) => Promise<Rehearsed> = regionalOutage,
): Promise<DrillResult> {
  const done: Run[] = []
  let left = 0
  for (let run = 1; run <= runs; run++)
    for (const fault of faults) {
      const say = (text: string) =>
        reporter.emit({ code: 'DRILL_PROGRESS', text: `${fault}, run ${run} of ${runs}: ${text}` })
      const startedAt = new Date().toISOString()
      const { result, measured } = await rehearse(
        { ...options, fault, replayPausedSeconds: 0 },
        { emit: ({ text }) => say(text) },
      )
      left += await worldsLeft()
      done.push({ fault, startedAt, result, perSecondBefore: measured.phases.before.acknowledgedPerSecond })
      say(`${result.verdict}, outage ${result.measurements.outageSeconds?.toFixed(2) ?? 'not measured'} s`)
    }
  return judged(done, left, options.policy.rehearsal.campaign)
}

function judged(
  done: readonly Run[],
  left: number,
  { acknowledgedPerSecond, hostDeathMedianOutageSeconds }: CampaignOptions['policy']['rehearsal']['campaign'],
): DrillResult {
  const all = done.map(({ result }) => result)
  const hosts = done.filter(({ fault }) => fault === 'host').map(({ result }) => result)
  const objectives = [
    atMost('runs that did not pass', 0, all.filter(({ verdict }) => verdict !== 'pass').length),
    atMost(
      `runs of fewer than ${acknowledgedPerSecond} acknowledged writes a second before the fault`,
      0,
      done.filter(({ perSecondBefore }) => perSecondBefore < acknowledgedPerSecond).length,
    ),
    atMost('worlds left behind', 0, left),
    ...(hosts.length > 0
      ? [
          atMost(
            'median outage after the death of the host, seconds',
            hostDeathMedianOutageSeconds,
            median(hosts.map(({ measurements }) => measurements.outageSeconds)),
          ),
        ]
      : []),
  ]
  const of = (name: keyof DrillResult['measurements']) => all.map(({ measurements }) => measurements[name] ?? null)
  const middle = (name: keyof DrillResult['measurements']) => median(of(name)) ?? null
  const total = (name: keyof DrillResult['measurements']) =>
    of(name).reduce((sum: number | null, value) => (sum === null || value === null ? null : sum + value), 0)
  const worst = of('rpoSeconds')
  return drillResultSchema.parse({
    drill: 'campaign',
    verdict: verdictOf(objectives),
    objectives,
    measurements: {
      outageSeconds: middle('outageSeconds'),
      detectSeconds: middle('detectSeconds'),
      fenceSeconds: middle('fenceSeconds'),
      promoteSeconds: middle('promoteSeconds'),
      switchSeconds: middle('switchSeconds'),
      reconnectSeconds: middle('reconnectSeconds'),
      rpoSeconds: worst.some((value) => value === null) ? null : Math.max(...worst.map(Number)),
      acknowledged: total('acknowledged'),
      lost: total('lost'),
      ghost: total('ghost'),
      unknown: total('unknown'),
    },
    steps: done.map(({ fault, startedAt, result }, at) => ({
      name: `${fault}-${at + 1}`,
      title: `${fault}: outage as the clients saw it`,
      outcome: result.verdict,
      attempts: 1,
      startedAt,
      seconds: result.measurements.outageSeconds,
    })),
    evidence: all.flatMap(({ evidence }) => evidence),
    report: null,
  })
}

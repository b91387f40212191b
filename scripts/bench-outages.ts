import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawCharts } from '../adapters/local/charts'
import { median, type DrillResult } from '../core/measurement'
import { withRecoveryRegion } from '../core/policy'
import type { Reporter } from '../core/ports/reporter'
import { databaseFailure } from '../drills/database-failure'
import { regionalOutage } from '../drills/regional-outage'
import { resolvePolicy } from '../policy'

const policy = withRecoveryRegion(resolvePolicy('production'))
const { workload, medians } = policy.rehearsal

/** Outages of one kind, with the limit of their median and what they consist of. */
interface Kind {
  readonly name: string
  readonly atMostSeconds: number
  readonly outages: number[]
  readonly parts: Record<string, number>[]
}

const kinds = {
  zone: kind('zone failover', medians.zoneFailoverSeconds),
  region: kind('region failover', medians.regionFailoverSeconds),
  failback: kind('planned switch, the failback', medians.plannedSwitchSeconds),
}

function kind(name: string, atMostSeconds: number): Kind {
  return { name, atMostSeconds, outages: [], parts: [] }
}

/**
 * Median outages that clients see, with a breakdown: `npm run bench:outages -- --runs 5`. Exits 1 where a median is over the
 * limit of the policy, a drill did not pass, or a planned switch lost anything. Wall-clock times: run it on a quiet machine.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
  const runs = Number(values.runs)
  const folder = mkdtempSync(join(tmpdir(), 'outages-'))
  const quiet: Reporter = { emit: () => undefined }
  try {
    for (let run = 1; run <= runs; run++) {
      const size = { policy, rows: workload.rows, clients: workload.clients, folder }
      const zone = await databaseFailure({ ...size, fault: 'process', zone: 'sync' }, quiet, drawCharts)
      take(kinds.zone, zone.result, zone.result.measurements.outageSeconds, phasesOf(zone.result))
      const outage = { fault: 'host', replication: 'async', replayPausedSeconds: 0, failback: true } as const
      const region = await regionalOutage({ ...size, ...outage }, quiet, drawCharts)
      take(kinds.region, region.result, region.result.measurements.outageSeconds, phasesOf(region.result))
      const back = region.result.objectives.find(({ name }) => name === 'outage of the failback, seconds')
      const seconds = typeof back?.measured === 'number' ? back.measured : null
      take(kinds.failback, region.result, seconds, stepsOfFailback(region.result))
      process.stderr.write(`run ${run} of ${runs}: ${Object.values(kinds).map(last).join(', ')}\n`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  for (const { name, outages, parts, atMostSeconds } of Object.values(kinds)) {
    const middle = median(outages)
    const kept = middle !== undefined && middle <= atMostSeconds
    if (!kept) process.exitCode = 1
    process.stdout.write(
      `${name}: median ${middle?.toFixed(2) ?? 'not measured'} s of ${outages.map((s) => s.toFixed(2)).join(', ')}; at most ${atMostSeconds} allowed${kept ? '' : ': MISSED'}\n`,
    )
    for (const part of Object.keys(parts[0] ?? {}))
      process.stdout.write(`  ${part}: ${median(parts.map((one) => one[part] ?? 0))?.toFixed(2)} s\n`)
  }
}

function take(
  into: Kind,
  { verdict, drill }: DrillResult,
  seconds: number | null,
  parts: Record<string, number>,
): void {
  if (verdict !== 'pass' || seconds === null) {
    process.stdout.write(`a run of ${drill} came to ${verdict}\n`)
    process.exitCode = 1
    return
  }
  into.outages.push(seconds)
  into.parts.push(parts)
}

const last = ({ name, outages }: Kind): string => `${name} ${outages.at(-1)?.toFixed(2) ?? 'not measured'} s`

function phasesOf({ measurements }: DrillResult): Record<string, number> {
  const { detectSeconds, fenceSeconds, promoteSeconds, switchSeconds, reconnectSeconds } = measurements
  const phases = { detectSeconds, fenceSeconds, promoteSeconds, switchSeconds, reconnectSeconds }
  return Object.fromEntries(
    Object.entries(phases).map(([name, seconds]) => [name.replace('Seconds', ''), seconds ?? 0]),
  )
}

/** The steps of the failback come after those of the failover, which has some of the same names. */
function stepsOfFailback({ steps }: DrillResult): Record<string, number> {
  const from = steps.findLastIndex(({ name }) => name === 'decide')
  return Object.fromEntries(steps.slice(from).map(({ name, seconds }) => [name, seconds ?? 0]))
}

void main()

import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { regionalOutage } from '../../drills/regional-outage'
import { resolvePolicy } from '../../policy'
import { withProgress } from '../progress'

const whole = (value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError(`expected a whole number of at least 1, got '${value}'`)
  return number
}
const secondsOf = (value: string): number => {
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError(`expected seconds, 0 or more, got '${value}'`)
  return number
}

interface DrillOptions {
  readonly fault: 'process' | 'host' | 'hang' | 'partition'
  readonly replication: 'sync' | 'async'
  readonly rows: number
  readonly clients: number
  readonly replayPaused: number
  readonly json?: true
}

/** `recovery drill <scenario>`: rehearse, measure, judge. Exits 0 only if every objective holds. */
export function drillCommand(): Command {
  const policy = resolvePolicy('production')
  const { workload } = policy.rehearsal
  return new Command('drill').description('rehearse a disaster on a local PostgreSQL and measure it').addCommand(
    new Command('regional-outage')
      .description('the primary region is lost; the replica takes over')
      .addOption(
        new Option('--fault <kind>', 'what happens to the region')
          .choices(['process', 'host', 'hang', 'partition'])
          .default('host'),
      )
      .addOption(
        new Option('--replication <mode>', 'how the replica follows').choices(['async', 'sync']).default('async'),
      )
      .option('--rows <patients>', 'patients to seed', whole, workload.rows)
      .option('--clients <count>', 'clients that write', whole, workload.clients)
      .option('--replay-paused <seconds>', 'hold the replica back before the fault', secondsOf, 0)
      .option('--json', 'one JSON document on stdout')
      .action(async ({ json, replayPaused, ...options }: DrillOptions) => {
        const result = await withProgress('Regional outage', !json, (reporter) =>
          regionalOutage(
            { policy, ...options, replayPausedSeconds: replayPaused, folder: resolve('.recovery') },
            reporter,
          ),
        )
        if (json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
        else process.stdout.write(summary(result))
        process.exitCode = result.verdict === 'pass' ? 0 : result.verdict === 'fail' ? 1 : 2
      }),
  )
}

function summary({ verdict, objectives, report }: Awaited<ReturnType<typeof regionalOutage>>): string {
  const lines = objectives.map(
    ({ name, target, measured, met }) =>
      `${met ? 'met   ' : 'MISSED'}  ${name}: ${typeof measured === 'number' ? Number(measured.toFixed(2)) : measured} (target ${target})`,
  )
  return `${lines.join('\n')}\nverdict: ${verdict}\nreport: ${report}\n`
}

import { Command } from 'commander'
import pc from 'picocolors'
import type { TwoRegionPolicy } from '../../core/policy'
import { A_FEW_WEEKS, A_SEASON, weeklyRestores, type WeeklyRestoresResult } from '../../drills/weekly-restores'
import { withProgress } from '../progress'

interface Shared {
  readonly folder: string
  readonly rehearsed: (preset?: string) => TwoRegionPolicy
}

interface Options {
  readonly preset?: string
  readonly short?: true
  readonly json?: true
}

/** Little data: what is rehearsed is the season, not the size. */
const ROWS = 500

/** `recovery drill weekly-restores`. */
export const weeklyRestoresCommand = ({ rehearsed, folder }: Shared): Command =>
  new Command('weekly-restores')
    .description(
      'a season of weekly restores; two planted failures and a missed week have to turn red, and nothing else',
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--short', 'four weeks, of which two are planted failures')
    .option('--json', 'one JSON document on stdout')
    .action(async ({ preset, short, json }: Options) => {
      const result = await withProgress('Weekly restores', !json, (reporter) =>
        weeklyRestores(
          { policy: rehearsed(preset), rows: ROWS, folder, ...(short ? A_FEW_WEEKS : A_SEASON) },
          reporter,
        ),
      )
      process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : told(result))
      process.exitCode = result.verdict === 'pass' ? 0 : 1
    })

const COLORS = { green: pc.green, red: pc.red, pending: pc.yellow } as const

const told = ({ verdict, weeks, evidence }: WeeklyRestoresResult): string =>
  [
    ...weeks.map(
      ({ dueAt, state, why, planted, seconds }) =>
        `${dueAt.slice(0, 10)} ${COLORS[state](state)} ${why}${planted ? ` (planted: ${planted})` : ''}${seconds === null ? '' : ` in ${seconds.toFixed(1)} s`}`,
    ),
    `${verdict === 'pass' ? pc.green('pass') : pc.red(verdict)} ${evidence.wanted} restores, each with a record`,
    '',
  ].join('\n')

import { Command } from 'commander'
import type { DrillResult } from '../../core/measurement'
import type { TwoRegionPolicy } from '../../core/policy'
import { backupDay } from '../../drills/backup-day'
import { withProgress } from '../progress'

interface Shared {
  readonly folder: string
  readonly rehearsed: (preset?: string) => TwoRegionPolicy
  readonly answer: (result: DrillResult, json: true | undefined) => void
}

/** Little data: what is rehearsed is the night, not the size. */
const ROWS = 500

/** `recovery drill backup-day`. */
export const backupDayCommand = ({ rehearsed, answer, folder }: Shared): Command =>
  new Command('backup-day')
    .description(
      'the backups of one night in both regions; the daily checks miss what has not arrived, and nothing else',
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'one JSON document on stdout')
    .action(async ({ preset, json }: { readonly preset?: string; readonly json?: true }) => {
      const result = await withProgress('Backup day', !json, (reporter) =>
        backupDay({ policy: rehearsed(preset), rows: ROWS, folder }, reporter),
      )
      answer(result, json)
    })

import { Option, type Command } from 'commander'
import pc from 'picocolors'
import { systemClock } from '../adapters/local/clock'
import { proveBackup, type BackupProof } from '../core/backup/prove-backup'
import type { Reporter } from '../core/ports/reporter'
import type { RestoreTarget } from '../core/ports/restore-target'
import { UserError } from '../core/user-error'
import { readPolicy } from '../policy'
import { backupAt, keyHolder } from './backup-places'
import { refused } from './operator'

export interface ProofOptions {
  readonly key: string[]
  readonly expectDatabase?: string
  readonly expectCluster?: string
  readonly maxAge?: number
  readonly pgBin?: string
  readonly json?: true
}

const KEY = ['--key <key...>', 'files of keys, or ARNs of keys of KMS; the right one is found by its name'] as const

export const asProof = (command: Command, key: 'required' | 'optional' = 'required'): Command =>
  (key === 'required' ? command.requiredOption(...KEY) : command.option(...KEY, []))
    .option('--expect-database <name>', 'fails where it is of another database')
    .option('--expect-cluster <identifier>', 'fails where it is of another cluster')
    .addOption(new Option('--max-age <hours>', 'fails where it is older').argParser(hours))
    .option('--pg-bin <dir>', "folder of PostgreSQL's client programs (default: whichever fits the server)")
    .option('--json', 'print one JSON document')

/** Restores a backup into the target and judges what is there. */
export async function prove(
  path: string,
  options: ProofOptions,
  target: RestoreTarget,
  reporter: Reporter,
): Promise<BackupProof> {
  const { store, name } = await backupAt(path)
  const keys = await Promise.all(options.key.map(keyHolder))
  const { expectDatabase: database, expectCluster: cluster, maxAge: mostHours } = options
  return refused(() =>
    proveBackup({ store, keys, target, clock: systemClock, reporter }, name, {
      ...(database !== undefined && { database }),
      ...(cluster !== undefined && { cluster }),
      age: {
        ...(mostHours !== undefined && { mostHours }),
        skewSeconds: readPolicy('production').failover.ledgerSkewSeconds,
      },
    }),
  )
}

const COLORS = { pass: pc.green, fail: pc.red, inconclusive: pc.yellow } as const

export const linesOf = ({ verdict, name, checks, seconds }: BackupProof): string[] => [
  `${COLORS[verdict](verdict)} ${name}, in ${seconds.toFixed(1)} s`,
  ...checks.map(
    (check) =>
      `  ${COLORS[check.verdict](check.verdict.padEnd(12))} ${check.check}${check.code === undefined ? '' : `: ${check.code}`}${check.detail === undefined ? '' : `, ${check.detail}`}`,
  ),
]

function hours(text: string): number {
  const value = Number(text)
  if (text !== '' && Number.isFinite(value) && value > 0) return value
  throw new UserError('HOURS', `'${text}' is no number of hours`, 'write it as 26 or 0.5')
}

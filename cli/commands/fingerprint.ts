import { Command, InvalidArgumentError } from 'commander'
import { fingerprintDatabase } from '../../adapters/postgres/fingerprint/database'
import { tableSizes } from '../../adapters/postgres/fingerprint/relations'
import { contentHash } from '../../core/evidence/hash'
import type { DatabaseFingerprint } from '../../core/integrity/fingerprint'
import { planFingerprint, type FingerprintPlan, type SizedTable } from '../../core/integrity/plan'
import { exitCodeOf } from '../../core/integrity/verdict'
import { UserError } from '../../core/user-error'
import { resolvePolicy } from '../../policy'
import { readingBy, withReaders } from '../database-sessions'
import { refused } from '../operator'
import { withProgress } from '../progress'

interface Options {
  readonly plan?: true
  readonly gigabytes?: number
  readonly json?: true
}

const positive = (value: string): number => {
  const number = Number(value)
  if (!Number.isFinite(number) || number <= 0)
    throw new InvalidArgumentError(`expected a number above 0, got '${value}'`)
  return number
}

/**
 * `recovery fingerprint`: content and catalog of a database in one snapshot. Exits 2 where a table could not be read: what is
 * printed then stands for the rest alone.
 */
export function fingerprintCommand(): Command {
  return new Command('fingerprint')
    .description(
      'count and hash every table of a database and its whole catalog in one snapshot; no value leaves the server',
    )
    .argument('[url]', 'such as postgres://role@host:5432/database; the password may come by PGPASSWORD')
    .option('--plan', 'only tell in which pieces the tables would be read, and how long that takes')
    .option('--gigabytes <size>', 'with --plan and without a URL: one table of this size', positive)
    .option('--json', 'print one JSON document, for recovery compare --source')
    .action(async (url: string | undefined, { plan, gigabytes, json }: Options) => {
      const { fingerprint: policy } = resolvePolicy('production')
      if (plan) {
        const tables = await tablesOf(url, gigabytes)
        const pace = {
          megabytesPerSecond: policy.pace.megabytesPerSecond,
          pieceSecondsAtMost: policy.pieceSecondsAtMost,
        }
        const planned = planFingerprint(tables, policy.readers, pace)
        print(json, { readers: policy.readers, ...pace, ...planned }, () => toldPlan(planned, policy.readers))
        return
      }
      if (url === undefined) throw new UserError('URL_MISSING', 'no database is named', 'give its URL')
      const taken = await withProgress('fingerprint', !json, (reporter) =>
        refused(() =>
          withReaders(url, policy, (sessions) => fingerprintDatabase(sessions, readingBy(policy, 'hashed', reporter))),
        ),
      )
      print(json, taken, () => toldFingerprint(taken))
      process.exitCode = exitCodeOf(taken.unread.length > 0 ? 'inconclusive' : 'pass')
    })
}

function print(json: true | undefined, document: object, told: () => string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : `${told().join('\n')}\n`)
}

async function tablesOf(url: string | undefined, gigabytes: number | undefined): Promise<readonly SizedTable[]> {
  if (url !== undefined)
    return refused(() =>
      withReaders(url, { ...resolvePolicy('production').fingerprint, readers: 1 }, ([client]) => tableSizes(client)),
    )
  if (gigabytes === undefined)
    throw new UserError('SIZE_MISSING', 'neither a database nor a size is given', 'give a URL or --gigabytes')
  const bytes = gigabytes * 1e9
  return [{ table: 'one table', bytes, blocks: Math.ceil(bytes / BLOCK_BYTES), divisible: true }]
}

/** PostgreSQL's own, where nobody built it otherwise. */
const BLOCK_BYTES = 8192

function toldPlan({ pieces, bytes, longestPieceSeconds, seconds }: FingerprintPlan, readers: number): string[] {
  const ofTable = new Map<string, { count: number; bytes: number }>()
  for (const piece of pieces) {
    const known = ofTable.get(piece.table) ?? { count: 0, bytes: 0 }
    ofTable.set(piece.table, { count: known.count + 1, bytes: known.bytes + piece.bytes })
  }
  return [
    ...[...ofTable].map(
      ([table, known]) => `${megabytes(known.bytes).padStart(12)}  ${String(known.count).padStart(5)} x  ${table}`,
    ),
    `${megabytes(bytes)} in ${pieces.length} pieces, the longest ${longestPieceSeconds.toFixed(0)} s, with ${readers} readers ${(seconds / 60).toFixed(1)} minutes`,
  ]
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const digest = (part: unknown): string => contentHash(JSON.parse(JSON.stringify(part))).slice(0, 32)

function toldFingerprint(taken: DatabaseFingerprint): string[] {
  const { tables, unread, sequences, catalog, origin } = taken
  const rows = tables.reduce((sum, table) => sum + BigInt(table.rows), 0n)
  const objects = Object.values(catalog).reduce((sum, kind) => sum + kind.length, 0)
  return [
    ...tables.map(({ table, rows: count }) => `${count.padStart(12)} rows  ${table}`),
    ...unread.map(({ table, code }) => `UNREAD  ${table} (${code})`),
    `${tables.length} tables, ${rows} rows, ${sequences.length} sequences, ${objects} objects at ${origin.position} of PostgreSQL ${origin.serverVersion}`,
    `content ${digest(tables)}  catalog ${digest(catalog)}`,
  ]
}

import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import type { CountedRows } from '../../core/ports/later-writes'
import { deletedIds } from './deleted-rows'
import type { AttemptId } from './loss'

/** Why the rows written after a moment cannot be told. */
export type Untold = 'COMMIT_TIMES_OFF' | 'COMMIT_TIMES_TOO_YOUNG'

const BATCH = 10_000

/** Whether the server keeps when transactions are committed; one that runs begins to with its next start. */
export async function keepsCommitTimes(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ on: boolean }>(
    `select current_setting('track_commit_timestamp')::boolean as on`,
  )
  return rows[0]!.on
}

/** Whether the database knows when each transaction since the moment was committed. */
export async function untold(client: Client, since: string): Promise<Untold | undefined> {
  if (!(await keepsCommitTimes(client))) return 'COMMIT_TIMES_OFF'
  // The oldest transaction known may have come to nothing, and one after it has a time. Before its first checkpoint a server
  // names none, and its history begins with the first number that there is.
  const { rows } = await client.query<{ known: boolean }>(
    `select coalesce(min(pg_xact_commit_timestamp(((oldest + n) % 4294967296)::text::xid)) <= $1::timestamptz, false) as known
     from (select greatest(oldest_commit_ts_xid::text::bigint, 3) as oldest from pg_control_checkpoint()) c,
       generate_series(0, 999) n`,
    [since],
  )
  return rows[0]!.known ? undefined : 'COMMIT_TIMES_TOO_YOUNG'
}

/** The moment, how far before it a commit may still stand behind it in the log, and the copy that was recovered to it. */
export interface Since {
  readonly since: string
  readonly reachBackSeconds: number
  readonly recovered: Client
}

/**
 * Ids of the rows of a table that were inserted or changed by a transaction committed at or after the moment, in batches; and
 * of those committed shortly before whose version the copy does not hold. A server takes the time of a commit before it writes
 * the commit into its log (RecordTransactionCommit in xact.c), and a recovery ends at the first commit in the log that is too
 * late: a commit of an earlier time that stands behind that one is not replayed. The copy is the same cluster up to there, so
 * that a row it holds has the same transaction. A row that was changed in the copy since is named too, rather than lost.
 * The id is the key of every table of the register.
 */
export async function* laterIds(
  client: Client,
  table: string,
  { since, reachBackSeconds, recovered }: Since,
): AsyncIterable<readonly string[]> {
  await client.query('begin read only')
  try {
    await client.query(
      `declare later no scroll cursor for
       select id::text as id, xmin::text as transaction, committed >= $1::timestamptz as "isLater"
       from (select id, xmin, pg_xact_commit_timestamp(xmin) as committed from ${table}) rows
       where committed >= $1::timestamptz - $2 * interval '1 s'`,
      [since, reachBackSeconds],
    )
    for (;;) {
      const { rows } = await client.query<Version & { readonly isLater: boolean }>(`fetch ${BATCH} from later`)
      if (rows.length === 0) return
      const kept = await versionsIn(
        recovered,
        table,
        rows.filter(({ isLater }) => !isLater),
      )
      const left = rows.filter(({ id, transaction, isLater }) => isLater || kept.get(id) !== transaction)
      if (left.length > 0) yield left.map(({ id }) => id)
    }
  } finally {
    await client.query('rollback')
  }
}

/** A row as a transaction has left it. */
interface Version {
  readonly id: string
  readonly transaction: string
}

/** The transactions by which the copy holds the rows. */
async function versionsIn(
  copy: Client,
  table: string,
  asked: readonly Version[],
): Promise<ReadonlyMap<string, string>> {
  if (asked.length === 0) return new Map()
  const { rows } = await copy.query<Version>(
    `select id::text as id, xmin::text as transaction from ${table} where id = any($1::bigint[])`,
    [asked.map(({ id }) => id)],
  )
  return new Map(rows.map(({ id, transaction }) => [id, transaction]))
}

/** A list of later writes as `keep` was given it: a line of JSON for each row; rows that were deleted say so. */
export interface LaterList {
  readonly tables: readonly CountedRows[]
  readonly deleted: readonly CountedRows[]
  readonly sha256: string
}

/** Hands the whole list to whatever keeps it, batch by batch, and tells what it was. */
export async function listLater(
  old: Client,
  tables: readonly string[],
  since: Since,
  keep: (text: AsyncIterable<string>) => Promise<unknown>,
): Promise<LaterList> {
  const hash = createHash('sha256')
  const written = new Map<string, number>()
  const deleted = new Map<string, number>()
  async function* lines(
    counts: Map<string, number>,
    idsOf: (table: string) => AsyncIterable<readonly string[]>,
    said: object = {},
  ) {
    for (const table of tables)
      for await (const ids of idsOf(table)) {
        const text = ids.map((id) => `${JSON.stringify({ table, id, ...said })}\n`).join('')
        hash.update(text)
        counts.set(table, (counts.get(table) ?? 0) + ids.length)
        yield text
      }
  }
  async function* list() {
    yield* lines(written, (table) => laterIds(old, table, since))
    yield* lines(deleted, (table) => deletedIds(old, since.recovered, table), { deleted: true })
  }
  await keep(list())
  return { tables: counted(written), deleted: counted(deleted), sha256: hash.digest('hex') }
}

const counted = (rows: ReadonlyMap<string, number>): CountedRows[] =>
  [...rows].map(([table, count]) => ({ table, rows: count }))

/** What the list of a run is called, by the key of the step that asked for it. */
export const laterListName = (key: string): string => `${key.split('/').slice(0, -1).join('-')}-later-writes.jsonl`

/** How many of the workload's records that a database holds were committed at or after the moment. */
export async function recordedSince(client: Client, ids: readonly AttemptId[], since: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from clinic.records join unnest($1::integer[], $2::bigint[]) as asked (client, seq)
       on client_id = client and client_sequence = seq
     where pg_xact_commit_timestamp(records.xmin) >= $3::timestamptz`,
    [ids.map(({ client: number }) => number), ids.map(({ sequence }) => sequence), since],
  )
  return Number(rows[0]!.count)
}

import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import type { CountedRows } from '../../core/ports/later-writes'
import type { Moment } from './key-ranges'
import { leftBehind } from './left-behind'
import type { AttemptId } from './loss'

/** A list of later writes as `keep` was given it: a line of JSON for each row; rows that were deleted say so. */
export interface LaterList {
  readonly tables: readonly CountedRows[]
  readonly deleted: readonly CountedRows[]
  readonly sha256: string
}

/** Hands the whole list to whatever keeps it, table by table and batch by batch, and tells what it was. */
export async function listLater(
  old: Client,
  recovered: Client,
  tables: readonly string[],
  moment: Moment,
  keep: (text: AsyncIterable<string>) => Promise<unknown>,
): Promise<LaterList> {
  const hash = createHash('sha256')
  const written = new Map<string, number>()
  const deleted = new Map<string, number>()
  async function* lines() {
    for (const table of tables)
      for await (const batch of leftBehind(old, recovered, table, moment)) {
        const said = batch.deleted ? { deleted: true } : {}
        const text = batch.ids.map((id) => `${JSON.stringify({ table, id, ...said })}\n`).join('')
        hash.update(text)
        const counts = batch.deleted ? deleted : written
        counts.set(table, (counts.get(table) ?? 0) + batch.ids.length)
        yield text
      }
  }
  await keep(lines())
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

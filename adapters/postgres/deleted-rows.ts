import type { Client } from 'pg'
import { KEYS_TOGETHER_BITS, type KeyRanges } from './key-ranges'

/**
 * Ids of the rows that only the recovered copy of a table holds, in batches. Only ranges whose keys differ are read, so that
 * what is read and held does not grow with the table.
 */
export async function* deletedIds(table: string, old: Side, recovered: Side): AsyncIterable<readonly string[]> {
  for (const [range, { keys }] of recovered.ranges) {
    const kept = old.ranges.get(range)
    if (kept?.keys === keys) continue
    const left = new Set(kept ? await idsIn(old.client, table, range) : [])
    const gone = (await idsIn(recovered.client, table, range)).filter((id) => !left.has(id))
    if (gone.length > 0) yield gone
  }
}

/** One of two databases that hold a table, and what its ranges of keys come to there. */
export interface Side {
  readonly client: Client
  readonly ranges: KeyRanges
}

async function idsIn(client: Client, table: string, range: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id::text as id from ${table}
     where id >= $1::bigint << ${KEYS_TOGETHER_BITS} and id < ($1::bigint + 1) << ${KEYS_TOGETHER_BITS}`,
    [range],
  )
  return rows.map(({ id }) => id)
}

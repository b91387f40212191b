import type { Client } from 'pg'

/** Keys that are compared as one: so many are held at a time. */
const KEYS_TOGETHER_BITS = 16

/**
 * Ids of the rows that only the recovered copy of a table holds, in batches. Both sides first count and hash their keys by
 * ranges, in one pass each; only ranges that differ are read, so that what is read and held does not grow with the table.
 * The id, a whole number, is the key of every table of the register.
 */
export async function* deletedIds(old: Client, recovered: Client, table: string): AsyncIterable<readonly string[]> {
  const kept = await ranges(old, table)
  for (const [range, keys] of await ranges(recovered, table)) {
    if (kept.get(range) === keys) continue
    const left = new Set(kept.has(range) ? await idsIn(old, table, range) : [])
    const gone = (await idsIn(recovered, table, range)).filter((id) => !left.has(id))
    if (gone.length > 0) yield gone
  }
}

/** What the keys of each range come to, whatever their order. A key is mixed as the seed: of the value only 32 bits would count. */
async function ranges(client: Client, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ range: string; keys: string }>(
    `select (id >> ${KEYS_TOGETHER_BITS})::text as range, count(*) || ' ' || sum(hashint8extended(0, id)) as keys
     from ${table} group by 1`,
  )
  return new Map(rows.map(({ range, keys }) => [range, keys]))
}

async function idsIn(client: Client, table: string, range: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id::text as id from ${table}
     where id >= $1::bigint << ${KEYS_TOGETHER_BITS} and id < ($1::bigint + 1) << ${KEYS_TOGETHER_BITS}`,
    [range],
  )
  return rows.map(({ id }) => id)
}

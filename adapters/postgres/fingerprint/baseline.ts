import { escapeIdentifier, type Client } from 'pg'
import { together, type Content } from '../../../core/integrity/fingerprint'
import { ALIAS, contentOf, hashedRows, tableRecords } from './record'
import { relationsIn } from './relations'
import { PINNED } from './settings'

/** Content of one table as it was at a moment, as far as later rows can be told from it. */
export interface TableBaseline extends Content {
  readonly table: string
  /** Highest key that is covered; absent where the key is not one whole number, so that later rows look like any other. */
  readonly upToId?: string
  /** Which columns were hashed: with others the hash is another one, although no row was touched. */
  readonly columns?: string
}

/** Baselines of tables by name, all in one snapshot; up to the given keys, or to the highest ones that are there. */
export async function takeBaseline(
  client: Client,
  tables: readonly string[],
  upTo?: ReadonlyMap<string, string | undefined>,
): Promise<TableBaseline[]> {
  await client.query(`begin isolation level repeatable read read only; ${PINNED}`)
  try {
    return await takeBaselineIn(client, tables, upTo)
  } finally {
    await client.query('rollback')
  }
}

/** The same in a transaction that the caller has begun, with the settings of `PINNED`. */
export async function takeBaselineIn(
  client: Client,
  tables: readonly string[],
  upTo?: ReadonlyMap<string, string | undefined>,
): Promise<TableBaseline[]> {
  const found: TableBaseline[] = []
  for (const table of tables) found.push(await baselineOf(client, table, upTo?.get(table)))
  return found
}

async function baselineOf(client: Client, table: string, upToId?: string): Promise<TableBaseline> {
  const relations = await relationsIn(client, [table])
  const records = await tableRecords(
    client,
    relations.map(({ oid }) => oid),
  )
  const isNumbered = relations.length > 0 && relations.every(({ surrogate }) => surrogate === 'integer')
  const parts: (Content & { id: string })[] = []
  for (const { name, oid, key } of relations) {
    const id = isNumbered ? `${ALIAS}.${escapeIdentifier(key![0]!)}::bigint` : 'null::bigint'
    const record = records.get(oid)!
    const known = `only ${name} ${ALIAS} where $1::bigint is null or ${id} <= $1::bigint`
    const { rows } = await client.query<Content & { id: string }>(
      `select coalesce(max(id), 0)::text as id, ${contentOf(record)} from ${hashedRows(record, known, { id })}`,
      [isNumbered ? (upToId ?? null) : null],
    )
    parts.push(rows[0]!)
  }
  const highest = parts.reduce((high, { id }) => (BigInt(id) > high ? BigInt(id) : high), 0n)
  const columns = [...new Set(relations.map(({ oid }) => records.get(oid)!.columns))]
  return {
    table,
    ...(isNumbered && { upToId: upToId ?? String(highest) }),
    ...together(parts),
    columns: columns.join(','),
  }
}

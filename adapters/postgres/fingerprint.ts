import { createHash } from 'node:crypto'
import type { Client } from 'pg'

/** Content of one table up to a row id, independent of physical order. */
export interface TableFingerprint {
  readonly table: string
  readonly upToId: string
  readonly rows: string
  readonly hash: string
  /** Which columns were hashed: with others the hash is another one, although no row was touched. */
  readonly columns?: string
}

/**
 * Settings that change how a value is written as text, pinned so that two servers agree; and rows that a policy hides from the
 * role are an error instead of rows that are not there.
 */
export const PINNED = `set local row_security = off; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601'; set local extra_float_digits = 1; set local bytea_output = 'hex'`

/** Types without a hash function: their columns are hashed as text instead. */
const UNHASHABLE = [
  'json',
  'xml',
  'point',
  'polygon',
  'path',
  'box',
  'line',
  'lseg',
  'circle',
  'tsvector',
  'tsquery',
  'bit',
  'varbit',
  'money',
  'jsonpath',
]

/**
 * Fingerprints of tables with a bigint key `id`, all in one snapshot. A sum over rows sees duplicates, and mixing each
 * record's hash once more closes the hole of a linear hash, in which two rows can swap values unseen; two seeds make
 * 128 bits. Cost: about 4 to 7 times a count(*) of the table. Without `upTo` everything up to the highest id counts.
 */
export async function fingerprint(
  client: Client,
  tables: readonly string[],
  upTo?: ReadonlyMap<string, string>,
): Promise<TableFingerprint[]> {
  await client.query(`begin isolation level repeatable read read only; ${PINNED}`)
  try {
    return await fingerprintIn(client, tables, upTo)
  } finally {
    await client.query('rollback')
  }
}

/** The same in a transaction that the caller has begun, with the settings of `PINNED`. */
export async function fingerprintIn(
  client: Client,
  tables: readonly string[],
  upTo?: ReadonlyMap<string, string>,
): Promise<TableFingerprint[]> {
  const found: TableFingerprint[] = []
  for (const table of tables) found.push(await fingerprintTable(client, table, upTo?.get(table)))
  return found
}

async function fingerprintTable(client: Client, table: string, upToId?: string): Promise<TableFingerprint> {
  const columns = await client.query<{ expression: string; declared: string }>(
    `select format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) as declared,
       case when t.typname = any($2) then format('fingerprinted.%I::text', a.attname) else format('fingerprinted.%I', a.attname) end as expression
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table, UNHASHABLE],
  )
  const record = `row(${columns.rows.map((c) => c.expression).join(', ')})`
  // The alias is one no column can be named by accident: with a column of the alias's name, only that column would be hashed.
  const { rows } = await client.query<{ id: string; rows: string; hash: string }>(
    `select coalesce(max(id), 0)::text as id, count(*)::text as rows,
       coalesce(sum(hashint8extended(hash_record_extended(${record}, 0), 0)::numeric), 0)::text || '/' ||
       coalesce(sum(hashint8extended(hash_record_extended(${record}, 1), 1)::numeric), 0)::text as hash
     from ${table} fingerprinted where $1::bigint is null or id <= $1::bigint`,
    [upToId ?? null],
  )
  const { id, rows: count, hash } = rows[0]!
  const declared = columns.rows.map((column) => column.declared).join(', ')
  return {
    table,
    upToId: upToId ?? id,
    rows: count,
    hash,
    columns: createHash('sha256').update(declared).digest('hex').slice(0, 16),
  }
}

import { escapeIdentifier, type Client } from 'pg'
import type { Content } from '../../../core/integrity/fingerprint'
import { ALIAS, contentOf, hashedRows, hashesOf, rowHash, type TableRecord } from './record'
import type { Relation } from './relations'

/** A keyed table, whose rows another database has under the same keys. */
export interface KeyedTable {
  readonly relation: Relation & { readonly key: readonly string[] }
  readonly record: TableRecord
}

/** Rows whose key hashes to numbers that end with these bits. */
export interface Bucket {
  readonly bits: number
  readonly value: string
}

/** How much finer each level of buckets is: 4,096 to one. Groups are what the server and we keep in memory. */
const BITS_A_LEVEL = 12

export const EVERYTHING: readonly Bucket[] = [{ bits: 0, value: '0' }]

/** Seed of the hashes of keys; the content has others. */
const KEY_SEED = 2

const keyHash = ({ relation, record }: KeyedTable): string =>
  rowHash(
    relation.key.map((column) => record.byColumn.get(column)!),
    KEY_SEED,
  )

const lastBits = (table: KeyedTable, bits: number): string => `(${keyHash(table)} & ${(1n << BigInt(bits)) - 1n})`

/** The rows in one of several buckets of one level. */
const within = (table: KeyedTable, [first]: readonly Bucket[]): string =>
  `only ${table.relation.name} ${ALIAS}${first!.bits === 0 ? '' : ` where ${lastBits(table, first!.bits)} = any ($1::bigint[])`}`

/** Content of the finer buckets in the given ones; one pass over the table, whatever its keys are. */
export async function bucketsWithin(
  client: Client,
  table: KeyedTable,
  parents: readonly Bucket[],
): Promise<Map<string, Content & Bucket>> {
  const bits = parents[0]!.bits + BITS_A_LEVEL
  const { rows } = await client.query<Content & { value: string }>(
    `select bucket::text as value, ${contentOf(table.record)}
     from ${hashedRows(table.record, within(table, parents), { bucket: lastBits(table, bits) })} group by bucket`,
    parameters(parents),
  )
  return new Map(rows.map(({ value, rows: count, hash }) => [value, { bits, value, rows: count, hash }]))
}

/** A row by its key, each column as text, with what tells it from another version of itself. */
export interface HashedRow {
  readonly key: readonly string[]
  /** Bucket of the first level. */
  readonly bucket: string
  readonly hash: string
}

export async function rowsWithin(client: Client, table: KeyedTable, buckets: readonly Bucket[]): Promise<HashedRow[]> {
  const { rows } = await client.query<{ key: string[]; bucket: string; hash: string }>(
    `select key, bucket, ${hashesOf(table.record)} from ${hashedRows(table.record, within(table, buckets), {
      key: keyTexts(table),
      bucket: `${lastBits(table, BITS_A_LEVEL)}::text`,
    })}`,
    parameters(buckets),
  )
  return rows
}

/** The rows of some keys by the index of the key, each with its version: where it stands and who wrote it. */
export async function rowsOf(
  client: Client,
  table: KeyedTable,
  keys: readonly (readonly string[])[],
): Promise<Map<string, { version: string; hash: string }>> {
  const { relation } = table
  // Not by a pass over the table, whatever the planner thinks of its size.
  await client.query(
    'set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off',
  )
  const columns = relation.key.map((_, at) => `k${at}`)
  const conditions = relation.key.map(
    (name, at) => `${ALIAS}.${escapeIdentifier(name)} = wanted.k${at}::${relation.keyTypes[at]}`,
  )
  const wanted = `unnest(${relation.key.map((_, at) => `$${at + 1}::text[]`).join(', ')}) wanted (${columns.join(', ')})
    join only ${relation.name} ${ALIAS} on ${conditions.join(' and ')}`
  const { rows } = await client.query<{ key: string[]; version: string; hash: string }>(
    `select key, version, ${hashesOf(table.record)} from ${hashedRows(table.record, wanted, {
      key: keyTexts(table),
      version: `${ALIAS}.ctid::text || ' ' || ${ALIAS}.xmin::text`,
    })}`,
    relation.key.map((_, at) => keys.map((key) => key[at])),
  )
  return new Map(rows.map(({ key, version, hash }) => [nameOf(key), { version, hash }]))
}

/** A key as one text, to find it in a map. */
export const nameOf = (key: readonly string[]): string => JSON.stringify(key)

const keyTexts = ({ relation }: KeyedTable): string =>
  `array[${relation.key.map((name) => `${ALIAS}.${escapeIdentifier(name)}::text`).join(', ')}]`

const parameters = (buckets: readonly Bucket[]): unknown[] =>
  buckets[0]!.bits === 0 ? [] : [buckets.map(({ value }) => value)]

import { sameContent, type Content } from '../../../core/integrity/fingerprint'
import { bucketsWithin, EVERYTHING, nameOf, rowsWithin, type Bucket, type HashedRow, type KeyedTable } from './buckets'
import type { HeldDatabase } from './database'

/** One side of a comparison, held still. */
export interface TableSide {
  readonly database: HeldDatabase
  readonly table: KeyedTable
}

/** A row that one side has otherwise than the other, or not at all. */
export interface DifferingRow {
  readonly key: readonly string[]
  readonly bucket: string
  readonly how: 'missing' | 'unexpected' | 'changed'
}

/** What was found by going from buckets to rows. */
export interface DifferingRows {
  /** Buckets of the first level that differ, of how many. */
  readonly buckets: readonly string[]
  readonly of: number
  /** Rows of the buckets that were looked into. */
  readonly rows: readonly DifferingRow[]
  /** Whether every differing bucket was looked into. */
  readonly complete: boolean
}

/** So many rows are read one by one, which bounds what is kept in memory. */
const ROWS_AT_ONCE = 200_000
/** Where the differing buckets hold more, so many of them are looked into at each level. */
const LOOKED_INTO = 64

/** Which rows of a table differ between two states. Each level is one pass over the table on either side. */
export async function differingRows(expected: TableSide, found: TableSide): Promise<DifferingRows> {
  let parents: readonly Bucket[] = EVERYTHING
  let first: { buckets: string[]; of: number } | undefined
  for (let complete = true; ;) {
    const level = parents
    const [one, other] = await both(expected, found, ({ database, table }) =>
      database.within((client) => bucketsWithin(client, table, level)),
    )
    const differing = [...new Set([...one.keys(), ...other.keys()])]
      .map((value) => ({ value, before: one.get(value), after: other.get(value) }))
      .filter(({ before, after }) => !(before && after && sameContent(before, after)))
    const bits = [...one.values(), ...other.values()][0]?.bits ?? 0
    first ??= { buckets: differing.map(({ value }) => value), of: 2 ** bits }
    if (differing.length === 0) return { ...first, rows: [], complete }
    const all = differing.reduce((sum, { before, after }) => sum + sizeOf(before) + sizeOf(after), 0)
    const chosen = all <= ROWS_AT_ONCE ? differing : differing.slice(0, LOOKED_INTO)
    complete &&= chosen.length === differing.length
    const buckets = chosen.map(({ value }) => ({ bits, value }))
    parents = buckets
    if (all > ROWS_AT_ONCE) continue
    const [rows, others] = await both(expected, found, ({ database, table }) =>
      database.within((client) => rowsWithin(client, table, buckets)),
    )
    return { ...first, rows: unlike(rows, others), complete }
  }
}

const sizeOf = (content: Content | undefined): number => Number(content?.rows ?? 0)

/** At the same time: the two are servers of their own, as a rule. */
const both = <T>(one: TableSide, other: TableSide, work: (side: TableSide) => Promise<T>): Promise<[T, T]> =>
  Promise.all([work(one), work(other)])

function unlike(expected: readonly HashedRow[], found: readonly HashedRow[]): DifferingRow[] {
  const there = new Map(found.map(({ key, hash }) => [nameOf(key), hash]))
  const known = new Set(expected.map(({ key }) => nameOf(key)))
  return [
    ...expected
      .filter(({ key, hash }) => there.get(nameOf(key)) !== hash)
      .map(({ key, bucket }): DifferingRow => ({ key, bucket, how: there.has(nameOf(key)) ? 'changed' : 'missing' })),
    ...found
      .filter(({ key }) => !known.has(nameOf(key)))
      .map(({ key, bucket }): DifferingRow => ({ key, bucket, how: 'unexpected' })),
  ]
}

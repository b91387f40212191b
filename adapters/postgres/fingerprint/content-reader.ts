import type { Client } from 'pg'
import { PortError } from '../../../core/ports/errors'
import type {
  Around,
  BlockRange,
  ContentReader,
  PlacedRow,
  RangeContent,
  ReadRanges,
  TablePart,
} from '../../../core/ports/content-reader'
import { fingerprintCatalog } from './catalog'
import { contentBy, hashStatement } from './content'
import { lookAt } from './recheck'
import { ALIAS, hashedRows, hashesOf, tableRecords } from './record'
import { relationsIn, tableSizes } from './relations'
import { replayed } from './replica'
import { readSequences } from './sequences'
import { PINNED } from './settings'
import { failedChecksums } from './structure'
import { unreadableBy } from './unreadable'

export interface ContentReaderSettings {
  /** Runs work in a session of its own, in no transaction. */
  readonly session: <T>(work: (client: Client) => Promise<T>) => Promise<T>
  readonly lockWaitMs: number
  /** Longest wait for a position to be replayed. */
  readonly replicaWaitMs: number
}

/** Reads a PostgreSQL for a comparison with a replica of it, or the replica. */
export function postgresContentReader({ session, lockWaitMs, replicaWaitMs }: ContentReaderSettings): ContentReader {
  const onceThere = <T>(after: string | undefined, work: (client: Client) => Promise<T>): Promise<T> =>
    session(async (client) => {
      await client.query(`set lock_timeout = ${lockWaitMs}`)
      if (after !== undefined && !(await replayed(client, after, replicaWaitMs)))
        throw new PortError('conflict', 'REPLICA_BEHIND', 'the replica did not replay in time what its source had')
      return work(client)
    })
  return {
    sizes: () => onceThere(undefined, tableSizes),
    ranges: (part, count, after) => onceThere(after, (client) => readRanges(client, part, count)),
    rows: (table, blocks, after) =>
      onceThere(after, async (client) => {
        const rows: PlacedRow[] = []
        const around = await surroundings(client, async () => {
          if (blocks.length > 0) rows.push(...(await placedRows(client, table, blocks)))
        })
        return { ...around, rows }
      }),
    catalog: (after) =>
      onceThere(after, async (client) => {
        const catalog: { found?: Pick<Awaited<ReturnType<ContentReader['catalog']>>, 'catalog' | 'sequences'> } = {}
        const around = await surroundings(client, async () => {
          const { read } = await readSequences(client)
          catalog.found = { sequences: read, catalog: await fingerprintCatalog(client) }
        })
        return { ...catalog.found!, ...around, checksums: await failedChecksums(client) }
      }),
  }
}

async function surroundings(client: Client, work: () => Promise<void>): Promise<Around> {
  const { oldest, next, position } = await lookAt(client, async () => {
    await work()
    return new Map()
  })
  return { oldest: String(oldest), next: String(next), position }
}

/** Each range by a statement of its own, which reads its blocks alone; one snapshot over all of them. */
async function readRanges(client: Client, { table, from, to }: TablePart, count: number): Promise<ReadRanges> {
  await client.query(`begin isolation level repeatable read read only; ${PINNED}`)
  try {
    const [relation] = await relationsIn(client, [table])
    if (!relation) return { unread: UNDEFINED_TABLE }
    if (relation.unlogged) return { unread: 'UNLOGGED' }
    if (!relation.divisible) return { unread: 'WITHOUT_BLOCKS' }
    const record = (await tableRecords(client, [relation.oid])).get(relation.oid)!
    const ranges: RangeContent[] = []
    for (const range of divided({ from, to }, count))
      ranges.push({ ...range, ...(await contentBy(client, hashStatement(relation, record, range))) })
    return { columns: record.columns, ranges }
  } catch (error) {
    const unread = unreadableBy(error)
    if (unread === undefined) throw error
    return { unread }
  } finally {
    await client.query('rollback')
  }
}

/** What a name without rows of its own is to whoever wants to read them. */
const UNDEFINED_TABLE = '42P01'

function divided({ from, to }: BlockRange, count: number): BlockRange[] {
  const width = Math.max(1, Math.ceil((to - from) / count))
  const ranges: BlockRange[] = []
  for (let at = from; at < to; at += width) ranges.push({ from: at, to: Math.min(at + width, to) })
  return ranges
}

async function placedRows(client: Client, table: string, blocks: readonly number[]): Promise<PlacedRow[]> {
  const [relation] = await relationsIn(client, [table])
  if (!relation) return []
  const record = (await tableRecords(client, [relation.oid])).get(relation.oid)!
  const found: PlacedRow[] = []
  for (const block of blocks) {
    const rows = hashedRows(
      record,
      `only ${relation.name} ${ALIAS} where ${ALIAS}.ctid >= '(${block},0)' and ${ALIAS}.ctid < '(${block + 1},0)'`,
      {
        place: `${ALIAS}.ctid::text`,
        version: `${ALIAS}.xmin::text`,
      },
    )
    found.push(...(await client.query<PlacedRow>(`select place, version, ${hashesOf(record)} from ${rows}`)).rows)
  }
  return found
}

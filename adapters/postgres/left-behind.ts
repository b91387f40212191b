import type { Client } from 'pg'
import { deletedIds, type Side } from './deleted-rows'
import { keyRanges, KEYS_TOGETHER_BITS, type Moment } from './key-ranges'

const BATCH = 10_000

/** Some rows of a table that a recovery leaves behind. */
export interface LeftBehind {
  readonly ids: readonly string[]
  /** They are in the copy alone: they were deleted since. */
  readonly deleted: boolean
}

/**
 * The rows of a table that a copy recovered to the moment does not hold as the old database does, in batches: those inserted or
 * changed since, then those deleted since. Both sides first count and hash their rows by ranges of keys, side by side and in one
 * pass each; rows themselves are read where something was written since, or where the two differ.
 */
export async function* leftBehind(
  old: Client,
  recovered: Client,
  table: string,
  moment: Moment,
): AsyncIterable<LeftBehind> {
  const [ofOld, ofCopy] = await Promise.all([keyRanges(old, table, moment), keyRanges(recovered, table, moment)])
  const sides = [
    { client: old, ranges: ofOld },
    { client: recovered, ranges: ofCopy },
  ] as const
  for await (const ids of laterIds(table, ...sides, moment)) yield { ids, deleted: false }
  for await (const ids of deletedIds(table, ...sides)) yield { ids, deleted: true }
}

/**
 * Ids of the rows that were inserted or changed by a transaction committed at or after the moment, in batches; and of those
 * committed shortly before whose version the copy does not hold. A server takes the time of a commit before it writes the
 * commit into its log (RecordTransactionCommit in xact.c), and a recovery ends at the first commit in the log that is too late:
 * a commit of an earlier time that stands behind that one is not replayed. The copy is the same cluster up to there, so that a
 * row it holds has the same transaction. A row that was changed in the copy since is named too, rather than lost.
 */
async function* laterIds(
  table: string,
  { client, ranges }: Side,
  recovered: Side,
  { since, reachBackSeconds }: Moment,
): AsyncIterable<readonly string[]> {
  const those = (which: (range: string) => boolean) => [...ranges.keys()].filter(which)
  const withLater = those((range) => ranges.get(range)!.later > 0)
  const unlike = those((range) => ranges.get(range)!.recent !== (recovered.ranges.get(range)?.recent ?? NONE))
  if (withLater.length === 0 && unlike.length === 0) return
  await client.query('begin read only')
  try {
    await client.query(
      `declare later no scroll cursor for
       select id::text as id, xmin::text as transaction, committed >= $1::timestamptz as "isLater"
       from (select id, xmin, pg_xact_commit_timestamp(xmin) as committed from ${table}) rows
       where committed >= $1::timestamptz and id >> ${KEYS_TOGETHER_BITS} = any($3::bigint[])
         or committed < $1::timestamptz and committed >= $1::timestamptz - $2 * interval '1 s'
           and id >> ${KEYS_TOGETHER_BITS} = any($4::bigint[])`,
      [since, reachBackSeconds, withLater, unlike],
    )
    for (;;) {
      const { rows } = await client.query<Version & { readonly isLater: boolean }>(`fetch ${BATCH} from later`)
      if (rows.length === 0) return
      const recent = rows.filter(({ isLater }) => !isLater)
      const kept = await versionsIn(recovered.client, table, recent)
      const left = rows.filter(({ id, transaction, isLater }) => isLater || kept.get(id) !== transaction)
      if (left.length > 0) yield left.map(({ id }) => id)
    }
  } finally {
    await client.query('rollback')
  }
}

/** What no recent row comes to. */
const NONE = '0 0'

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

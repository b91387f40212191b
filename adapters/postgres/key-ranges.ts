import type { Client } from 'pg'
import { keepsCommitTimes } from './commit-times'

/** Keys that are compared as one: so many are held at a time. */
export const KEYS_TOGETHER_BITS = 16

/** What the rows of one range of keys come to, whatever their order; texts are equal where the rows are. */
export interface KeyRange {
  readonly keys: string
  /** Keys of the rows committed shortly before the moment, with the transaction that wrote each. */
  readonly recent: string
  /** How many rows were committed at or after the moment. */
  readonly later: number
}

export type KeyRanges = ReadonlyMap<string, KeyRange>

/** A moment, and how far before it a commit is recent; in seconds. */
export interface Moment {
  readonly since: string
  readonly reachBackSeconds: number
}

/**
 * Counts and hashes the rows of a table by ranges of their keys, in one pass that the server may share among processes; what
 * it gives grows by a line for 65,536 keys. A database that keeps no commit times has neither recent nor later rows.
 * The id, a whole number, is the key of every table of the register.
 *
 * A key is mixed as the seed of its hash: of a value that is hashed only 32 bits would count, which is all that a transaction's
 * number has.
 */
export async function keyRanges(
  client: Client,
  table: string,
  { since, reachBackSeconds }: Moment,
): Promise<KeyRanges> {
  const committed = (await keepsCommitTimes(client)) ? 'pg_xact_commit_timestamp(xmin)' : 'null::timestamptz'
  const isRecent = `committed < $1::timestamptz and committed >= $1::timestamptz - $2 * interval '1 s'`
  const { rows } = await client.query<{ range: string; keys: string; recent: string; later: string }>(
    `select (id >> ${KEYS_TOGETHER_BITS})::text as range,
       count(*) || ' ' || sum(hashint8extended(0, id)) as keys,
       count(*) filter (where ${isRecent}) || ' ' ||
         coalesce(sum(hashint8extended(xmin::text::bigint, id)) filter (where ${isRecent}), 0) as recent,
       count(*) filter (where committed >= $1::timestamptz) as later
     from (select id, xmin, ${committed} as committed from ${table}) rows group by 1`,
    [since, reachBackSeconds],
  )
  return new Map(rows.map(({ range, later, ...hashes }) => [range, { ...hashes, later: Number(later) }]))
}

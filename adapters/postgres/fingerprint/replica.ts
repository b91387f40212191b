import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

/** SizeOfXLogLongPHD in xlog_internal.h. */
const LONGEST_PAGE_HEADER = 40

/**
 * Where a server's log ends, as SQL; inserted, not flushed: commits that wait for no disk are seen before they are there. The
 * next record of a full page would begin behind the header of another one, up to which nobody ever replays.
 */
export const END_OF_LOG = `case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
  else (select '0/0'::pg_lsn + (at - case when at % page <= ${LONGEST_PAGE_HEADER} then at % page else 0 end)
    from (select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as at, current_setting('wal_block_size')::integer as page) log) end::text`

/** Where a server's log ends at this moment. */
export async function endOfLog(client: Client): Promise<string> {
  const { rows } = await client.query<{ position: string }>(`select ${END_OF_LOG} as position`)
  return rows[0]!.position
}

const LOOK_EVERY_MS = 20

/** Waits until a replica has replayed a position; false where it has not within the time. */
export async function replayed(client: Client, position: string, waitMs: number): Promise<boolean> {
  for (const until = performance.now() + waitMs; ;) {
    const { rows } = await client.query<{ there: boolean }>(
      'select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) as there',
      [position],
    )
    if (rows[0]!.there) return true
    if (performance.now() > until) return false
    await sleep(LOOK_EVERY_MS)
  }
}

/** Numbers of transactions: the oldest that runs, and the first that has not begun. */
export async function underWay(client: Client): Promise<{ oldest: bigint; next: bigint }> {
  const { rows } = await client.query<{ oldest: string; next: string }>(
    'select pg_snapshot_xmin(s)::text as oldest, pg_snapshot_xmax(s)::text as next from pg_current_snapshot() s',
  )
  return { oldest: BigInt(rows[0]!.oldest), next: BigInt(rows[0]!.next) }
}

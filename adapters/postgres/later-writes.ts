import type { Client } from 'pg'
import type { AttemptId } from './loss'

/** Why the rows written after a moment cannot be told. */
export type Untold = 'COMMIT_TIMES_OFF' | 'COMMIT_TIMES_TOO_YOUNG'

const BATCH = 10_000

/** Whether the database knows when each transaction since the moment was committed. */
export async function untold(client: Client, since: string): Promise<Untold | undefined> {
  const { rows: tracked } = await client.query<{ on: boolean }>(
    `select current_setting('track_commit_timestamp')::boolean as on`,
  )
  if (!tracked[0]!.on) return 'COMMIT_TIMES_OFF'
  // The oldest transaction known may have come to nothing, and one after it has a time. Before its first checkpoint a server
  // names none, and its history begins with the first number that there is.
  const { rows } = await client.query<{ known: boolean }>(
    `select coalesce(min(pg_xact_commit_timestamp(((oldest + n) % 4294967296)::text::xid)) <= $1::timestamptz, false) as known
     from (select greatest(oldest_commit_ts_xid::text::bigint, 3) as oldest from pg_control_checkpoint()) c,
       generate_series(0, 999) n`,
    [since],
  )
  return rows[0]!.known ? undefined : 'COMMIT_TIMES_TOO_YOUNG'
}

/**
 * Ids of the rows of a table that were inserted or changed by a transaction committed at or after the moment, in batches.
 * The id is the key of every table of the register.
 */
export async function* laterIds(client: Client, table: string, since: string): AsyncIterable<readonly string[]> {
  await client.query('begin read only')
  try {
    await client.query(
      `declare later no scroll cursor for select id::text as id from ${table} where pg_xact_commit_timestamp(xmin) >= $1::timestamptz`,
      [since],
    )
    for (;;) {
      const { rows } = await client.query<{ id: string }>(`fetch ${BATCH} from later`)
      if (rows.length === 0) return
      yield rows.map(({ id }) => id)
    }
  } finally {
    await client.query('rollback')
  }
}

/** How many of the workload's records that a database holds were committed at or after the moment. */
export async function recordedSince(client: Client, ids: readonly AttemptId[], since: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from clinic.records join unnest($1::integer[], $2::bigint[]) as asked (client, seq)
       on client_id = client and client_sequence = seq
     where pg_xact_commit_timestamp(records.xmin) >= $3::timestamptz`,
    [ids.map(({ client: number }) => number), ids.map(({ sequence }) => sequence), since],
  )
  return Number(rows[0]!.count)
}

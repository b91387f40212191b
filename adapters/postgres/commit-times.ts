import type { Client } from 'pg'

/** Why the rows written after a moment cannot be told. */
export type Untold = 'COMMIT_TIMES_OFF' | 'COMMIT_TIMES_TOO_YOUNG'

/** Whether the server keeps when transactions are committed; one that runs begins to with its next start. */
export async function keepsCommitTimes(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ on: boolean }>(
    `select current_setting('track_commit_timestamp')::boolean as on`,
  )
  return rows[0]!.on
}

/** Whether the database knows when each transaction since the moment was committed. */
export async function untold(client: Client, since: string): Promise<Untold | undefined> {
  if (!(await keepsCommitTimes(client))) return 'COMMIT_TIMES_OFF'
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

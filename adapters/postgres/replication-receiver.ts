import type { Client } from 'pg'

/**
 * Whether a replica still hears from its source: `down` without a streaming receiver, or with one that has heard nothing
 * for `silentAfterMs`. `unknown` on a primary, and for a role that may not see the receiver (it needs pg_read_all_stats).
 */
export async function receiverVerdict(client: Client, silentAfterMs: number): Promise<'up' | 'down' | 'unknown'> {
  const { rows } = await client.query<{ replica: boolean; receivers: number; readable: boolean; streaming: boolean }>(
    `select pg_is_in_recovery() as replica,
       count(r.pid)::int as receivers,
       coalesce(bool_and(r.status is not null), true) as readable,
       coalesce(bool_or(r.status = 'streaming' and r.last_msg_receipt_time > clock_timestamp() - $1 * interval '1 ms'), false) as streaming
     from pg_stat_wal_receiver r`,
    [silentAfterMs],
  )
  const { replica, receivers, readable, streaming } = rows[0]!
  if (!replica || !readable) return 'unknown'
  return receivers > 0 && streaming ? 'up' : 'down'
}

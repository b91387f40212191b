import type { Client } from 'pg'
import type { RowChanges } from '../../core/detection/deletion-rate'

/**
 * What the server has counted of those tables that exist, and where its log stands. A busy session reports its counts at most once a second
 * (PostgreSQL documentation, the cumulative statistics system), so that a change shows up to a second late.
 */
export async function rowChanges(
  client: Client,
  tables: readonly string[],
): Promise<{ readonly tables: readonly RowChanges[]; readonly position: string }> {
  // Before the counts: what they do not show yet lies after it.
  const { rows: log } = await client.query<{ position: string }>('select pg_current_wal_insert_lsn()::text as position')
  const { rows } = await client.query<{ table: string; deleted: string; rewritten: string; live: string }>(
    `select asked as table, n_tup_del::text as deleted, n_tup_upd::text as rewritten, n_live_tup::text as live
     from unnest($1::text[]) asked join pg_stat_all_tables s on s.relid = to_regclass(asked)`,
    [tables],
  )
  return {
    position: log[0]!.position,
    tables: rows.map(({ table, deleted, rewritten, live }) => ({
      table,
      deleted: Number(deleted),
      rewritten: Number(rewritten),
      live: Number(live),
    })),
  }
}

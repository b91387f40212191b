import type { Client } from 'pg'

/** A committed transaction that deleted or rewrote rows. */
export interface Suspect {
  /** Its number. */
  readonly transaction: string
  /** When it was committed, in ISO 8601, UTC. */
  readonly at: string
}

/**
 * The first transaction since a position in the log that deleted or rewrote rows of the tables, by its commit time; undefined
 * where none did. Read from the log itself: deleted rows leave no trace elsewhere. Needs the extension pg_walinspect, and
 * a log that reaches back so far.
 */
export async function firstSuspect(
  client: Client,
  { since, tables }: { readonly since: string; readonly tables: readonly string[] },
): Promise<Suspect | undefined> {
  const { rows } = await client.query<{ transaction: string; at: Date }>(
    `select xid::text as transaction, pg_xact_commit_timestamp(xid) as at
     from (select distinct xid from pg_get_wal_block_info($1::pg_lsn, pg_current_wal_flush_lsn(), false)
           where reldatabase = (select oid from pg_database where datname = current_database())
             and relfilenode = any(select pg_relation_filenode(t::regclass) from unnest($2::text[]) t)
             and resource_manager in ('Heap', 'Heap2') and record_type ~ '^(DELETE|UPDATE|HOT_UPDATE)') changing
     where pg_xact_commit_timestamp(xid) is not null order by at limit 1`,
    [since, tables],
  )
  const [found] = rows
  return found && { transaction: found.transaction, at: found.at.toISOString() }
}

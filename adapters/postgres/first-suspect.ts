import type { Client } from 'pg'

/** A committed transaction that deleted or rewrote rows. */
export interface Suspect {
  /** Its number. */
  readonly transaction: string
  /** When it was committed, in ISO 8601, UTC. */
  readonly at: string
}

/**
 * The first transaction since a position in the log that deleted or rewrote rows of the tables, truncated one, or had it to
 * itself for whatever else, by its commit time; undefined where none did. Read from the log itself: deleted rows leave no trace
 * elsewhere. A vacuum that gives free pages back takes its table to itself too: then the moment is too early, never too late.
 * Needs the extension pg_walinspect, and a log that reaches back so far.
 */
export async function firstSuspect(
  client: Client,
  { since, tables }: { readonly since: string; readonly tables: readonly string[] },
): Promise<Suspect | undefined> {
  const { rows } = await client.query<{ transaction: string; at: Date }>(
    `with locking as (
       select lock[1]::xid as xid from pg_get_wal_records_info($1::pg_lsn, pg_current_wal_flush_lsn()) record,
         regexp_matches(record.description, 'xid (\\d+) db (\\d+) rel (\\d+)', 'g') lock
       where resource_manager = 'Standby' and record_type = 'LOCK' and lock[2]::oid = ${OWN_DATABASE}
         and lock[3]::oid = any($2::text[]::regclass[]::oid[])
     ), changing as (
       select xid, relfilenode from pg_get_wal_block_info($1::pg_lsn, pg_current_wal_flush_lsn(), false)
       where reldatabase = ${OWN_DATABASE}
         and resource_manager in ('Heap', 'Heap2') and record_type ~ '^(DELETE|UPDATE|HOT_UPDATE)'
     ), suspects as (
       select xid from locking
       union select xid from changing where relfilenode = any(select pg_relation_filenode(t::regclass) from unnest($2::text[]) t)
       -- Whoever has a table to itself may give it other files: what was done to the old ones lies under a number of nobody now.
       union select xid from changing where exists (select from locking)
         and relfilenode not in (select pg_relation_filenode(oid) from pg_class where pg_relation_filenode(oid) is not null)
     )
     select xid::text as transaction, pg_xact_commit_timestamp(xid) as at from suspects
     where pg_xact_commit_timestamp(xid) is not null order by at limit 1`,
    [since, tables],
  )
  const [found] = rows
  return found && { transaction: found.transaction, at: found.at.toISOString() }
}

const OWN_DATABASE = '(select oid from pg_database where datname = current_database())'

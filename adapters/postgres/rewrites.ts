import type { Client } from 'pg'
import type { TableBaseline } from './fingerprint/baseline'

/** A transaction that changed rows which never change. */
export interface Rewrite {
  /** Its number. */
  readonly transaction: string
  readonly table: string
  readonly rows: number
}

/**
 * The first transaction since a moment that rewrote rows that a baseline covers; undefined where none did. Rows that were
 * rewritten again tell of the last time only, deleted ones of none, and tables without a numbered key are not looked at.
 */
export async function firstRewrite(
  client: Client,
  baseline: readonly TableBaseline[],
  since: string,
): Promise<Rewrite | undefined> {
  let first: (Rewrite & { readonly at: Date }) | undefined
  for (const { table, upToId } of baseline) {
    if (upToId === undefined) continue
    const { rows } = await client.query<Rewrite & { at: Date }>(
      `select xmin::text as transaction, $3 as table, count(*)::integer as rows, pg_xact_commit_timestamp(xmin) as at
       from ${table} where id <= $1 and pg_xact_commit_timestamp(xmin) >= $2::timestamptz
       group by xmin order by at limit 1`,
      [upToId, since, table],
    )
    const [found] = rows
    if (found && (!first || found.at < first.at)) first = found
  }
  return first && { transaction: first.transaction, table: first.table, rows: first.rows }
}

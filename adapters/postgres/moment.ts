import type { Client } from 'pg'
import type { MarkedMoment } from '../../core/ports/marking'
import type { RestoreTarget } from '../../core/ports/restore'
import { sqlState } from './connect'

/** ISO 8601 in UTC with all that the server knows: a moment cut to milliseconds could fall before its own transaction. */
const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`

/** A number that no transaction has had yet, or commit times that are not tracked. */
const NOT_TOLD = ['22023', '55000', '22P02', '22003']

/** Moment of a target, as the database knows it. Undefined where it does not. */
export async function momentOf(client: Client, target: RestoreTarget): Promise<string | undefined> {
  switch (target.kind) {
    case 'time':
      return read(client, `$1::timestamptz`, target.at)
    case 'transaction':
      return read(client, `pg_xact_commit_timestamp($1::xid8::xid)`, target.id)
    case 'marker':
      return read(client, `(select set_at from recovery_guard.marker where name = $1)`, target.name)
  }
}

async function read(client: Client, expression: string, value: string): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ at: string | null }>(
      `select to_char((${expression}) at time zone 'UTC', ${UTC}) as at`,
      [value],
    )
    return rows[0]?.at ?? undefined
  } catch (error) {
    if (NOT_TOLD.includes(sqlState(error) ?? '')) return undefined
    throw error
  }
}

/**
 * Marks this moment, before whatever is about to change the data, by a row and by a named point in the log. The same name again
 * moves its mark: the newest row holds, and of points of one name the log keeps all. The role may create restore points.
 */
export async function setMarker(client: Client, name: string): Promise<Required<MarkedMoment>> {
  const { rows: point } = await client.query<{ position: string }>(
    'select pg_create_restore_point($1)::text as position',
    [name],
  )
  const { rows } = await client.query<{ at: string; transaction: string }>(
    `insert into recovery_guard.marker (name) values ($1) on conflict (name) do update set set_at = clock_timestamp()
     returning to_char(set_at at time zone 'UTC', ${UTC}) as at, pg_current_xact_id()::text as transaction`,
    [name],
  )
  return { ...rows[0]!, ...point[0]! }
}

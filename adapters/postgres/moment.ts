import type { Client } from 'pg'
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

/** Marks this moment, before whatever is about to change the data. The same name again moves its mark. */
export async function setMarker(client: Client, name: string): Promise<void> {
  await client.query(
    `insert into recovery_guard.marker (name) values ($1) on conflict (name) do update set set_at = clock_timestamp()`,
    [name],
  )
}

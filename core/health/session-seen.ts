import type { DatabaseSeen } from '../ports/health-probes'
import type { Seen } from '../verification/daily/seen'

type Session = Extract<DatabaseSeen, { readonly reads: true }>

/** What a session told. Of a database that takes none, which a check of its own finds, nothing else is known. */
export function sessionsOf(database: Seen<DatabaseSeen>): Seen<Session> {
  if (!database.seen) return database
  const { value } = database
  return value.reads ? { seen: true, value } : { seen: false, code: 'NO_SESSION' }
}

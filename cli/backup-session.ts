import { postgresClient, type PostgresClient } from '../adapters/local/postgres-client'
import { asPortError, destroy } from '../adapters/postgres/connect'
import { openSession, parseDatabaseUrl, type DatabaseAddress } from '../adapters/postgres/database-url'
import { fingerprintDatabase, type FingerprintOptions } from '../adapters/postgres/fingerprint/database'
import type { DatabaseFingerprint } from '../core/integrity/fingerprint'
import { UserError } from '../core/user-error'
import { refused } from './operator'

const CONNECT_MS = 20_000
/** Longest wait for a table that somebody holds; longer than any statement of the application should hold one. */
const LOCK_WAIT_MS = 60_000

/** Sessions that read for a fingerprint beside the one that holds the snapshot. */
export const READERS = 2

export const FINGERPRINT: FingerprintOptions = {
  lockWaitMs: LOCK_WAIT_MS,
  pace: { megabytesPerSecond: 100, pieceSecondsAtMost: 60 },
}

/** A database by the URL given, or by the variable that applications know; it keeps the password out of the list of processes. */
export function databaseOf(url: string | undefined): DatabaseAddress {
  const text = url ?? process.env['DATABASE_URL']
  if (text) return parseDatabaseUrl(text)
  throw new UserError('DATABASE_URL', 'no database is named', 'give its URL, or set DATABASE_URL')
}

/** The client programs for the server at an address. */
export async function clientFor(address: DatabaseAddress, given?: string): Promise<PostgresClient> {
  const major = await refused(async () => {
    let client
    try {
      client = await openSession(address, CONNECT_MS)
      const { rows } = await client.query<{ major: number }>(
        `select current_setting('server_version_num')::int / 10000 as major`,
      )
      return rows[0]!.major
    } catch (error) {
      if (error instanceof UserError) throw error
      throw asPortError(error, address.host)
    } finally {
      destroy(client)
    }
  })
  return postgresClient(major, given)
}

/** The fingerprint of a database that nobody writes to. */
export async function fingerprintAt(address: DatabaseAddress): Promise<DatabaseFingerprint> {
  const sessions = []
  try {
    for (let n = 0; n < READERS + 1; n++) sessions.push(await openSession(address, CONNECT_MS))
    return await fingerprintDatabase(sessions, FINGERPRINT)
  } catch (error) {
    throw asPortError(error, address.host)
  } finally {
    for (const session of sessions) destroy(session)
  }
}

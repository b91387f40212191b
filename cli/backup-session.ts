import { postgresClient, type PostgresClient } from '../adapters/local/postgres-client'
import { asPortError, destroy } from '../adapters/postgres/connect'
import { openSession, parseDatabaseUrl, type DatabaseAddress } from '../adapters/postgres/database-url'
import { fingerprintDatabase, type FingerprintOptions } from '../adapters/postgres/fingerprint/database'
import type { DatabaseFingerprint } from '../core/integrity/fingerprint'
import type { Policy } from '../core/policy'
import { UserError } from '../core/user-error'
import { readPolicy } from '../policy'
import { readingBy, withReaders } from './database-sessions'
import { refused } from './operator'

const CONNECT_MS = 20_000

/** How the policy has databases read. */
export const pace = (): Policy['fingerprint'] => readPolicy('production').fingerprint

export const reading = (): FingerprintOptions => readingBy(pace(), 'fingerprint', { emit: () => undefined })

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
export const fingerprintAt = (address: DatabaseAddress): Promise<DatabaseFingerprint> =>
  withReaders(address, pace(), (sessions) => fingerprintDatabase(sessions, reading()))

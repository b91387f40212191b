import type { Client } from 'pg'
import { asPortError, destroy } from '../adapters/postgres/connect'
import { openSession, parseDatabaseUrl, type DatabaseAddress } from '../adapters/postgres/database-url'
import type { FingerprintOptions } from '../adapters/postgres/fingerprint/database'
import type { Policy } from '../core/policy'
import type { Reporter } from '../core/ports/reporter'
import { UserError } from '../core/user-error'

const CONNECT_MS = 20_000

/** Runs work with the sessions of a fingerprint: one that holds the snapshot, and the readers. Nothing else names the URL. */
export async function withReaders<T>(
  of: string | DatabaseAddress,
  { readers }: Policy['fingerprint'],
  work: (sessions: [Client, ...Client[]]) => Promise<T>,
): Promise<T> {
  const address = typeof of === 'string' ? parseDatabaseUrl(of) : of
  const sessions: Client[] = []
  try {
    const holder = await openSession(address, CONNECT_MS)
    sessions.push(holder)
    for (let reader = 0; reader < readers; reader++) sessions.push(await openSession(address, CONNECT_MS))
    return await work([holder, ...sessions.slice(1)])
  } catch (error) {
    if (error instanceof UserError) throw error
    throw asPortError(error, address.host)
  } finally {
    for (const session of sessions) destroy(session)
  }
}

const TELL_EVERY_MS = 2_000

/** Tells every two seconds how far something is, so that what is quick says nothing. */
export function everySoOften<Args extends unknown[]>(
  reporter: Reporter,
  told: (...args: Args) => string,
): (...args: Args) => void {
  let last = performance.now()
  return (...args) => {
    if (performance.now() - last < TELL_EVERY_MS) return
    last = performance.now()
    reporter.emit({ code: 'INTEGRITY_GOES_ON', text: told(...args) })
  }
}

/** How the policy has a database read. */
export function readingBy(
  { pace, pieceSecondsAtMost, lockWaitSeconds }: Policy['fingerprint'],
  what: string,
  reporter: Reporter,
): FingerprintOptions {
  return {
    lockWaitMs: lockWaitSeconds * 1000,
    pace: { megabytesPerSecond: pace.megabytesPerSecond, pieceSecondsAtMost },
    onProgress: everySoOften(
      reporter,
      ({ bytes, of }) => `${what}: ${of === 0 ? 100 : Math.floor((100 * bytes) / of)} % of ${(of / 1e6).toFixed(0)} MB`,
    ),
  }
}

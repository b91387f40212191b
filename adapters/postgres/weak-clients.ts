import { Client, type ClientConfig } from 'pg'
import { connect, destroy, opened, type Endpoint, type Login } from './connect'

/** How a client that should not get in tried, and what became of it. */
export interface WeakTry {
  readonly way: 'without-tls' | 'older-tls' | 'other-authority'
  readonly outcome: 'refused' | 'accepted'
}

/**
 * Tries to open a session without TLS, with TLS 1.2 at most, and against a server whose certificate the client's authority has
 * not signed. Undefined where a client that does as it should gets in neither: then a refusal proves nothing.
 */
export async function tryWeakClients(
  endpoint: Endpoint,
  login: Login,
  otherAuthority: string,
  deadlineMs: number,
): Promise<readonly WeakTry[] | undefined> {
  const own = await connect(endpoint, login, deadlineMs).catch(() => undefined)
  if (!own) return undefined
  destroy(own)
  const { name, host, port, database, authority } = endpoint
  const tls = { servername: name, rejectUnauthorized: true }
  const ways: readonly [WeakTry['way'], ClientConfig['ssl']][] = [
    ['without-tls', false],
    ['older-tls', { ...tls, ca: authority, maxVersion: 'TLSv1.2' }],
    ['other-authority', { ...tls, ca: otherAuthority, minVersion: 'TLSv1.3' }],
  ]
  const tries: WeakTry[] = []
  for (const [way, ssl] of ways) {
    const client = new Client({
      host,
      port,
      database,
      user: login.user,
      password: login.password,
      connectionTimeoutMillis: deadlineMs,
      ssl,
    })
    const got = await opened(client).catch(() => undefined)
    destroy(got)
    tries.push({ way, outcome: got ? 'accepted' : 'refused' })
  }
  return tries
}

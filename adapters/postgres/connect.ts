import { Client } from 'pg'
import { PortError } from '../../core/ports/errors'

/** Where and how to reach one database endpoint. The name is what its certificate must carry. */
export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly authority: string
}

export interface Login {
  readonly user: string
  readonly password: string
}

/** Opens a session: TLS 1.3 only, certificate checked against the endpoint's own name. */
export async function connect(
  endpoint: Endpoint,
  login: Login,
  deadlineMs: number,
  kind: 'ordinary' | 'replication' = 'ordinary',
): Promise<Client> {
  const client = new Client({
    host: endpoint.host,
    port: endpoint.port,
    database: endpoint.database,
    user: login.user,
    password: login.password,
    connectionTimeoutMillis: deadlineMs,
    application_name: 'neonpro-recovery',
    ...(kind === 'replication' && { replication: 'true' }),
    ssl: { ca: endpoint.authority, servername: endpoint.name, minVersion: 'TLSv1.3', rejectUnauthorized: true },
  })
  return opened(client)
}

/** Opens what a client was made for, and leaves nothing open where that fails. */
export async function opened(client: Client): Promise<Client> {
  // A session that dies between two queries must not end the process; the next query reports it.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    void client.end().catch(() => undefined)
    throw error
  }
}

/** Runs `work` in a session of its own, the whole under one deadline. Failures come back as PortError. */
export async function withSession<T>(
  endpoint: Endpoint,
  login: Login,
  deadlineMs: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new PortError(
            'unreachable',
            'DATABASE_DEADLINE',
            `'${endpoint.name}' did not answer within ${deadlineMs} ms`,
          ),
        ),
      deadlineMs,
    )
  })
  const session = (async () => {
    client = await connect(endpoint, login, deadlineMs)
    return work(client)
  })()
  try {
    return await Promise.race([session, deadline])
  } catch (error) {
    session.catch(() => undefined)
    throw asPortError(error, endpoint.name)
  } finally {
    clearTimeout(timer)
    destroy(client)
  }
}

/** Ends a session without waiting for a server that may never answer. */
export function destroy(client: Client | undefined): void {
  if (!client) return
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection
  void client.end().catch(() => undefined)
  setTimeout(() => stream.destroy(), 100).unref()
}

/** SQLSTATE of a server's own answer; undefined where no server answered. */
export const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** What a session ended with, in a port's terms. */
export function asPortError(error: unknown, name: string): PortError {
  if (error instanceof PortError) return error
  const state = sqlState(error)
  if (state === undefined || state.startsWith('57P') || state.startsWith('08')) {
    return new PortError('unreachable', state ?? 'DATABASE_UNREACHABLE', `'${name}' cannot be reached`, {
      cause: error,
    })
  }
  if (state.startsWith('28') || state === '42501')
    return new PortError('denied', state, `'${name}' refused the login or the permission`, { cause: error })
  return new PortError('conflict', state, `'${name}' refused the statement (SQLSTATE ${state})`, { cause: error })
}

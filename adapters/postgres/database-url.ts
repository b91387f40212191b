import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { UserError } from '../../core/user-error'
import { opened } from './connect'
import type { Login } from './connect'

/** One database of any server that a person names by a URL, as libpq reads it. */
export interface DatabaseAddress {
  /** What its certificate carries. */
  readonly host: string
  /** Where that is, where no name server knows it. */
  readonly hostAddress?: string
  readonly port: number
  readonly database: string
  readonly login: Login
  /** File of the authorities that sign the server's certificate, or those of this machine; absent only on loopback. */
  readonly authorities?: string
}

/** The authorities that this machine trusts; libpq knows the word too. */
const OF_SYSTEM = 'system'
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])
const KNOWN = new Set(['sslmode', 'sslrootcert', 'application_name', 'connect_timeout'])

/**
 * Reads a URL such as `postgres://role@host:5432/database?sslrootcert=authorities.pem`. The password may come by PGPASSWORD
 * instead, so that no list of processes shows it. What leaves this machine is verified TLS: weaker modes are refused. Throws
 * UserError, without the password.
 */
export function parseDatabaseUrl(text: string, environment: NodeJS.ProcessEnv = process.env): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    throw refused('is no URL of a PostgreSQL database', 'write it as postgres://role@host:5432/database')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database === '') throw refused(`of '${host}' names no database`, 'write it as postgres://role@host:5432/database')
  for (const name of url.searchParams.keys())
    if (!KNOWN.has(name)) throw refused(`has the parameter '${name}'`, `use ${[...KNOWN].join(', ')} and no other`)
  const user = decodeURIComponent(url.username) || environment['PGUSER']
  if (!user)
    throw refused(`of '${host}' names no role`, 'write it as postgres://role@host:5432/database, or set PGUSER')
  const login = { user, password: decodeURIComponent(url.password) || environment['PGPASSWORD'] || '' }
  const authorities = authoritiesOf(host, url.searchParams)
  return { host, port: Number(url.port || 5432), database, login, ...(authorities !== undefined && { authorities }) }
}

function authoritiesOf(host: string, parameters: URLSearchParams): string | undefined {
  const mode = parameters.get('sslmode')
  const file = parameters.get('sslrootcert')
  const local = LOOPBACK.has(host)
  if (mode !== null && mode !== 'verify-full' && !(local && mode === 'disable'))
    throw refused(
      `of '${host}' asks for sslmode=${mode}, under which nobody knows who answers`,
      'leave sslmode out, or set verify-full, and name the authority of the server by sslrootcert=<file>',
    )
  if (file !== null) return file
  return local && mode !== 'verify-full' ? undefined : OF_SYSTEM
}

const refused = (what: string, todo: string): UserError => new UserError('DATABASE_URL', `the URL ${what}`, todo)

/** Opens a session. */
export async function openSession(address: DatabaseAddress, deadlineMs: number): Promise<Client> {
  const { host, hostAddress = host, port, database, login, authorities } = address
  const client = new Client({
    host: hostAddress,
    port,
    database,
    user: login.user,
    password: login.password,
    connectionTimeoutMillis: deadlineMs,
    application_name: 'neonpro-recovery',
    keepAlive: true,
    ...(authorities !== undefined && {
      ssl: {
        ...(authorities !== OF_SYSTEM && { ca: await readAuthorities(authorities) }),
        ...(!/^[\d.]+$|:/.test(host) && { servername: host }),
        minVersion: 'TLSv1.3' as const,
        rejectUnauthorized: true,
      },
    }),
  })
  return opened(client)
}

async function readAuthorities(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UserError(
      'AUTHORITIES_UNREADABLE',
      `'${file}' cannot be read`,
      'name a file that is there by sslrootcert',
      {
        cause: error,
      },
    )
  }
}

/** What the client programs read, and nothing else of the machine's own settings. */
export const clientEnvironment = (address: DatabaseAddress): NodeJS.ProcessEnv => ({
  PGHOST: address.host,
  PGHOSTADDR: address.hostAddress,
  PGPORT: String(address.port),
  PGDATABASE: address.database,
  PGUSER: address.login.user,
  PGPASSWORD: address.login.password,
  PGSSLMODE: address.authorities === undefined ? 'disable' : 'verify-full',
  PGSSLROOTCERT: address.authorities,
  PGPASSFILE: '/dev/null',
  PGSERVICEFILE: '/dev/null',
  PATH: process.env['PATH'],
  LC_ALL: 'C',
})

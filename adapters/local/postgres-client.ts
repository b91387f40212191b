import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../core/user-error'
import { fetchedClient } from './postgres-client-package'

const run = promisify(execFile)

/** Folder of PostgreSQL's client programs: `pg_dump`, `pg_restore`, `psql`, all of one version. */
export interface PostgresClient {
  readonly folder: string
  /** As `pg_dump --version` says it, such as `18.4`. */
  readonly version: string
}

/** Where packages put one folder for each major version: Debian and Ubuntu, Red Hat, Homebrew on either processor. */
const VERSIONED = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
]

/**
 * The client for a server of this major version: `given` and no other, else the first of the same version, else the next
 * later one. `pg_dump` refuses a server that is newer than itself (https://www.postgresql.org/docs/18/app-pgdump.html).
 * Throws UserError where there is none.
 */
export async function postgresClient(serverMajor: number, given?: string): Promise<PostgresClient> {
  if (given !== undefined) return givenClient(serverMajor, given)
  const found: PostgresClient[] = []
  for (const folder of await places()) {
    const version = await versionIn(folder)
    if (version !== undefined && majorOf(version) >= serverMajor) found.push({ folder, version })
  }
  const [nearest] = found.toSorted((one, other) => majorOf(one.version) - majorOf(other.version))
  if (nearest) return nearest
  throw new UserError(
    'POSTGRES_CLIENT_MISSING',
    `the server is PostgreSQL ${serverMajor}, and no pg_dump of that version or a later one is here`,
    installed(serverMajor),
  )
}

async function givenClient(serverMajor: number, folder: string): Promise<PostgresClient> {
  const version = await versionIn(folder)
  if (version === undefined)
    throw new UserError('POSTGRES_CLIENT_MISSING', `there is no pg_dump in '${folder}'`, installed(serverMajor))
  if (majorOf(version) < serverMajor)
    throw new UserError(
      'POSTGRES_CLIENT_OLD',
      `the pg_dump in '${folder}' is ${version}, the server is PostgreSQL ${serverMajor}`,
      installed(serverMajor),
    )
  return { folder, version }
}

const installed = (major: number): string =>
  `run 'npm run client:fetch' for ours of PostgreSQL 18, or 'apt-get install postgresql-client-${major}' (from apt.postgresql.org where Debian has another version), or 'brew install postgresql@${major}', or name the folder of pg_dump with --pg-bin`

async function places(): Promise<string[]> {
  const fetched = await fetchedClient()
  const packaged = await Promise.all(VERSIONED.map(unfold))
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...(fetched === undefined ? [] : [fetched]), ...packaged.flat(), ...path]
}

/** Folders that a pattern with one `*` names. */
async function unfold(pattern: string): Promise<string[]> {
  const [, above, before, after] = /^(.*\/)([^/]*)\*(.*)$/.exec(pattern)!
  const names = await readdir(above!).catch(() => [])
  return names.filter((name) => name.startsWith(before!)).map((name) => join(above!, name + after!))
}

/** Undefined where no program answers. */
async function versionIn(folder: string): Promise<string | undefined> {
  const answer = await run(join(folder, 'pg_dump'), ['--version']).catch(() => undefined)
  return answer && /\d+(?:\.\d+)?(?:beta\d+|rc\d+)?/.exec(answer.stdout)?.[0]
}

const majorOf = (version: string): number => Number.parseInt(version, 10)

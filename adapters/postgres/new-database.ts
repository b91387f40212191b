import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Client } from 'pg'
import type { DatabaseFingerprint } from '../../core/integrity/fingerprint'
import type { BackupRole, DatabaseProperties } from '../../core/ports/backup-source'
import { PortError, type PortFailure } from '../../core/ports/errors'
import type { DumpSection, RestoreTarget } from '../../core/ports/restore-target'
import { endOf, feed } from './client-program'
import { makeRoles, missingRoles, settingStatement } from './cluster-roles'
import { dropOurs, onServer } from './database-names'
import { clientEnvironment, type DatabaseAddress } from './database-url'

export interface NewDatabaseSettings {
  /** A database of the server that is there, and a role that may make others. */
  readonly server: DatabaseAddress
  /** Name of the one to be made, which nobody else gives: what stands under it was left by a run that was killed. */
  readonly database: string
  /** Folder of `pg_restore`. */
  readonly client: string
  /** Whether roles that the server lacks are made; without a login. */
  readonly roles: 'make' | 'require'
  readonly fingerprint: (address: DatabaseAddress) => Promise<DatabaseFingerprint>
}

/**
 * A database that is made, filled by `pg_restore`, each section of a part in one transaction, and removed again where it did not
 * prove right.
 */
export class NewDatabase implements RestoreTarget {
  private made = false

  constructor(private readonly settings: NewDatabaseSettings) {}

  get address(): DatabaseAddress {
    return { ...this.settings.server, database: this.settings.database }
  }

  missingRoles(roles: readonly BackupRole[]): Promise<readonly string[]> {
    return this.onServer(async (client) => {
      if (this.settings.roles === 'make') await makeRoles(client, roles)
      return missingRoles(client, roles)
    })
  }

  create(properties: DatabaseProperties): Promise<void> {
    const { database } = this.settings
    return this.onServer(async (client) => {
      const name = client.escapeIdentifier(database)
      await dropOurs(client, database)
      this.made = true
      await client.query(`create database ${name} template template0 ${optionsOf(client, properties)}`)
      await client.query(`alter database ${name} owner to ${client.escapeIdentifier(properties.owner)}`)
      for (const setting of properties.settings) {
        const of =
          setting.role === undefined
            ? `database ${name}`
            : `role ${client.escapeIdentifier(setting.role)} in database ${name}`
        await client.query(settingStatement(client, of, setting))
      }
      if (properties.privileges) await grant(client, name, properties)
    })
  }

  async load(part: AsyncIterable<Uint8Array>, section: DumpSection): Promise<void> {
    if (section === 'privileges') return this.loadPrivileges(part)
    await this.restore([`--section=${section}`, ...(section === 'pre-data' ? ['--no-privileges'] : [])], part)
  }

  /** By the list of the part's entries, since `pg_restore` would set them with the definitions. */
  private async loadPrivileges(part: AsyncIterable<Uint8Array>): Promise<void> {
    // Definitions without rows.
    const chunks: Uint8Array[] = []
    for await (const chunk of part) chunks.push(chunk)
    const entries = await this.entriesOf(chunks)
    const privileges = entries.filter((entry) => /^\d+; \d+ \d+ ACL /.test(entry))
    if (privileges.length === 0) return
    // A program takes a list from a file alone. It names tables and roles, as the manifest does.
    const folder = await mkdtemp(join(tmpdir(), 'privileges-'))
    try {
      const list = join(folder, 'list')
      await writeFile(list, privileges.join('\n'), { mode: 0o600 })
      await this.restore([`--use-list=${list}`], chunks)
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  private async entriesOf(part: Iterable<Uint8Array>): Promise<string[]> {
    const listing = spawn(join(this.settings.client, 'pg_restore'), ['--list'], { stdio: ['pipe', 'pipe', 'pipe'] })
    const ended = endOf(listing)
    const complaint = complaintOf(listing.stderr)
    const entries = linesOf(listing.stdout)
    await feed(part, listing.stdin, ended)
    const how = await ended
    if (how !== 0) throw refusalOf(how, await complaint)
    return entries
  }

  private async restore(
    what: readonly string[],
    part: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const { client, database } = this.settings
    const restoring = spawn(
      join(client, 'pg_restore'),
      [...what, '--exit-on-error', '--single-transaction', '--no-password', `--dbname=${database}`],
      { stdio: ['pipe', 'ignore', 'pipe'], env: { ...clientEnvironment(this.address), PGOPTIONS: SESSION } },
    )
    const ended = endOf(restoring)
    const complaint = complaintOf(restoring.stderr)
    try {
      await feed(part, restoring.stdin, ended)
    } catch (error) {
      // Before its input ends: what it has so far must not be taken for all.
      restoring.kill('SIGKILL')
      await ended
      throw error
    }
    const how = await ended
    if (how !== 0) throw refusalOf(how, await complaint)
  }

  fingerprint(): Promise<DatabaseFingerprint> {
    return this.settings.fingerprint(this.address)
  }

  async remove(): Promise<void> {
    if (!this.made) return
    await this.onServer(async (client) => {
      // Of ours alone, and nobody else knows it yet.
      await client.query(`drop database if exists ${client.escapeIdentifier(this.settings.database)} with (force)`)
    })
    this.made = false
  }

  private onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return onServer(this.settings.server, work)
  }
}

/** The session that restores: indexes are built by several processes with room to sort, and no commit waits for the disk. */
const SESSION =
  '-c maintenance_work_mem=512MB -c max_parallel_maintenance_workers=2 -c synchronous_commit=off -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0'

/** https://www.postgresql.org/docs/18/sql-createdatabase.html */
function optionsOf(
  client: Client,
  { encoding, localeProvider, collate, ctype, locale, icuRules }: DatabaseProperties,
): string {
  const options = Object.entries({
    encoding,
    locale_provider: localeProvider,
    lc_collate: collate,
    lc_ctype: ctype,
    ...(localeProvider === 'icu' && { icu_locale: locale, icu_rules: icuRules }),
    ...(localeProvider === 'builtin' && { builtin_locale: locale }),
  })
  return options
    .flatMap(([option, value]) => (value === undefined ? [] : [`${option} ${client.escapeLiteral(value)}`]))
    .join(' ')
}

async function grant(client: Client, name: string, { privileges = [], owner }: DatabaseProperties): Promise<void> {
  await client.query(`revoke all on database ${name} from public`)
  await client.query(`revoke all on database ${name} from ${client.escapeIdentifier(owner)}`)
  for (const { grantee, privilege, grantable } of privileges)
    await client.query(
      `grant ${privilege} on database ${name} to ${grantee === undefined ? 'public' : client.escapeIdentifier(grantee)}${grantable ? ' with grant option' : ''}`,
    )
}

/** What can be told apart of what PostgreSQL says, in English since the session asks for that; all else is RESTORE_FAILED. */
const REFUSALS: readonly (readonly [RegExp, string, PortFailure, string])[] = [
  [
    /No space left on device|disk full|could not extend file/,
    'TARGET_FULL',
    'conflict',
    'the disk of the target is full',
  ],
  [/role ".*" does not exist/, 'ROLE_MISSING', 'conflict', 'it names a role that the server does not have'],
  [/already exists/, 'TARGET_DIRTY', 'conflict', 'the target was not empty'],
  [
    /extension ".*" is not available|could not open extension control file/,
    'EXTENSION_MISSING',
    'conflict',
    'the server lacks an extension',
  ],
  [
    /permission denied|must be (?:owner|superuser|able)/,
    'TARGET_DENIED',
    'denied',
    'the role may not do what the restore needs',
  ],
  [
    /out of shared memory/,
    'TARGET_LOCKS',
    'conflict',
    'the server has too few locks for one transaction; raise max_locks_per_transaction',
  ],
  [/unsupported version/, 'CLIENT_OLD', 'invalid', 'it was dumped by a later pg_dump than this pg_restore'],
  [
    /unrecognized configuration parameter/,
    'SERVER_OLD',
    'invalid',
    'the server is older than the one that was backed up',
  ],
  [
    /input file|end of file|not appear to be a valid archive|could not uncompress|decompress/,
    'DUMP_UNREADABLE',
    'invalid',
    'what was sealed is no whole dump',
  ],
  [
    /server closed the connection|terminating connection|connection to server/,
    'TARGET_LOST',
    'unreachable',
    'the server ended the connection',
  ],
]

interface Complaint {
  readonly text: string
  /** The object at which it happened, by type, schema, name and owner. */
  readonly object?: string
}

function refusalOf(how: number | string, { text, object }: Complaint): PortError {
  const at = object === undefined ? '' : `, at ${object}`
  const known = REFUSALS.find(([pattern]) => pattern.test(text))
  if (!known) return new PortError('conflict', 'RESTORE_FAILED', `pg_restore ended with ${how}${at}`)
  const [, code, failure, what] = known
  return new PortError(failure, code, `${what}${at}`)
}

async function linesOf(text: NodeJS.ReadableStream): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: text })) lines.push(line)
  return lines
}

/** The end of what the program says, which may quote rows and stays in here, and the object that it names. */
async function complaintOf(stderr: NodeJS.ReadableStream): Promise<Complaint> {
  const lines: string[] = []
  let object: string | undefined
  for await (const line of createInterface({ input: stderr })) {
    object = /^pg_restore: (?:from|in) TOC entry \d+; \d+ \d+ (.*)$/.exec(line)?.[1] ?? object
    if (lines.push(line.slice(0, 2000)) > 50) lines.shift()
  }
  return { text: lines.join('\n'), ...(object !== undefined && { object }) }
}

import type { DatabaseFingerprint } from '../../core/integrity/fingerprint'
import type { BackupRole, DatabaseProperties } from '../../core/ports/backup-source'
import type { RestoreTarget } from '../../core/ports/restore-target'
import type { DatabaseAddress } from '../postgres/database-url'
import { NewDatabase } from '../postgres/new-database'
import { throwawayServer, type ThrowawayServer } from './throwaway-server'

export interface ThrowawaySettings {
  readonly database: string
  /** Folder of `pg_restore` for a server at an address. */
  readonly client: (address: DatabaseAddress) => Promise<string>
  readonly fingerprint: (address: DatabaseAddress) => Promise<DatabaseFingerprint>
}

/** A server of this machine that is started once a backup has proved worth it, and that goes with all that is on it. */
export class ThrowawayTarget implements RestoreTarget {
  private server: ThrowawayServer | undefined
  private database: NewDatabase | undefined

  constructor(private readonly settings: ThrowawaySettings) {}

  /** All are made: nobody ever logs in here. */
  async missingRoles(roles: readonly BackupRole[]): Promise<readonly string[]> {
    // The one that made the original owns what nobody else does; under another name nothing would be owned as it was.
    const superuser = roles.find(({ attributes }) => attributes.includes('SUPERUSER'))?.name ?? 'postgres'
    this.server = await throwawayServer(superuser)
    const { address } = this.server
    const { database, client, fingerprint } = this.settings
    this.database = new NewDatabase({
      server: address,
      database,
      client: await client(address),
      roles: 'make',
      fingerprint,
    })
    return this.database.missingRoles(roles)
  }

  create = (properties: DatabaseProperties): Promise<void> => this.made.create(properties)

  load: RestoreTarget['load'] = (part, section) => this.made.load(part, section)

  fingerprint = (): Promise<DatabaseFingerprint> => this.made.fingerprint()

  async remove(): Promise<void> {
    await this.server?.remove()
    this.server = undefined
  }

  private get made(): NewDatabase {
    if (this.database) return this.database
    throw new Error('there is no server yet: it is started when the roles are asked for')
  }
}

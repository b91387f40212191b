import { join } from 'node:path'
import type { Client } from 'pg'
import type { BackupRole, BackupSource, DatabaseProperties, HeldState } from '../../core/ports/backup-source'
import { PortError } from '../../core/ports/errors'
import type { PostgresClient } from '../local/postgres-client'
import { dumpedBy } from './client-program'
import { clusterRoles } from './cluster-roles'
import { asPortError, destroy } from './connect'
import { databaseProperties } from './database-properties'
import { clientEnvironment, openSession, type DatabaseAddress } from './database-url'
import { withHeldDatabase, type FingerprintOptions } from './fingerprint/database'

export interface BackupSourceSettings {
  readonly address: DatabaseAddress
  readonly client: PostgresClient
  readonly fingerprint: FingerprintOptions
  /** Sessions that read for the fingerprint at a time. */
  readonly readers: number
}

const CONNECT_MS = 20_000

/** A whole PostgreSQL database in one snapshot, which the fingerprint and `pg_dump` share. */
export class PostgresBackupSource implements BackupSource {
  constructor(private readonly settings: BackupSourceSettings) {}

  async held<T>(work: (state: HeldState) => Promise<T>): Promise<T> {
    const { address, readers, fingerprint } = this.settings
    const sessions: Client[] = []
    try {
      for (let n = 0; n < readers + 1; n++) sessions.push(await openSession(address, CONNECT_MS))
      return await withHeldDatabase(sessions, fingerprint, async (database) => {
        const { held, origin } = database
        // A replica lacks what its primary wrote last, and the rows of unlogged tables.
        if (held.replays)
          throw new PortError('conflict', 'SOURCE_REPLAYS', `'${address.host}' is a replica; back its primary up`)
        const { properties, roles } = await database.within(surroundings)
        const begun = new Signal()
        const { takenAt: at, cluster, serverVersion, position } = origin
        return work({
          origin: { ...(cluster !== undefined && { cluster }), database: origin.database, serverVersion, position, at },
          properties,
          client: this.settings.client.version,
          roles,
          dump: () => begun.after(this.dump(held.name)),
          fingerprint: async () => {
            // By its first byte the dump has locked every table and read every sequence: whatever the fingerprint finds, the dump has too.
            await begun.given
            return database.fingerprint()
          },
        })
      })
    } catch (error) {
      throw asPortError(error, address.host)
    } finally {
      for (const session of sessions) destroy(session)
    }
  }

  private dump(snapshot: string): AsyncIterable<Uint8Array> {
    const { address, client, fingerprint } = this.settings
    return dumpedBy({
      program: join(client.folder, 'pg_dump'),
      args: [
        '--format=custom',
        // The fastest level: on clinical text it is no larger than the default one, and its time is that of the whole dump.
        '--compress=zstd:1',
        '--no-password',
        `--snapshot=${snapshot}`,
        `--lock-wait-timeout=${fingerprint.lockWaitMs}`,
      ],
      env: clientEnvironment(address),
    })
  }
}

async function surroundings(client: Client): Promise<{ properties: DatabaseProperties; roles: BackupRole[] }> {
  return { properties: await databaseProperties(client), roles: await clusterRoles(client) }
}

/** Given once a stream has begun, or has ended before it did. */
class Signal {
  private give!: () => void
  readonly given = new Promise<void>((resolve) => (this.give = resolve))

  async *after(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of stream) {
        this.give()
        yield chunk
      }
    } finally {
      this.give()
    }
  }
}

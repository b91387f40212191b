import type { Client } from 'pg'
import { shareOut } from '../../core/backup/share-out'
import type { BackupRole, BackupSource, DatabaseProperties, HeldState } from '../../core/ports/backup-source'
import { PortError } from '../../core/ports/errors'
import type { PostgresClient } from '../local/postgres-client'
import { clusterRoles } from './cluster-roles'
import { asPortError, destroy } from './connect'
import { databaseProperties } from './database-properties'
import { openSession, type DatabaseAddress } from './database-url'
import { dumpParts, toldOnceBegun } from './dump-parts'
import { withHeldDatabase, type FingerprintOptions, type HeldDatabase } from './fingerprint/database'
import { relationSizes } from './fingerprint/relations'

export interface BackupSourceSettings {
  readonly address: DatabaseAddress
  readonly client: PostgresClient
  readonly fingerprint: FingerprintOptions
  /**
   * Sessions that dump rows at a time, beside one that dumps definitions. One less reads for the fingerprint, which takes less
   * than the dump: with as many, the dump would be waited for at the end.
   */
  readonly readers: number
  /** Smaller tables are dumped together. @default 16 MiB, a fraction of a second: less than a program of their own costs */
  readonly tableBytesAtLeast?: number
}

const CONNECT_MS = 20_000
const TABLE_BYTES_AT_LEAST = 16 * 1024 ** 2

/** A whole PostgreSQL database in one snapshot, which the fingerprint and every `pg_dump` share. */
export class PostgresBackupSource implements BackupSource {
  constructor(private readonly settings: BackupSourceSettings) {}

  async held<T>(work: (state: HeldState) => Promise<T>): Promise<T> {
    const { address, readers, fingerprint, client } = this.settings
    const sessions: Client[] = []
    try {
      for (let n = 0; n < 1 + Math.max(1, readers - 1); n++) sessions.push(await openSession(address, CONNECT_MS))
      return await withHeldDatabase(sessions, fingerprint, async (database) => {
        const { held, origin } = database
        // A replica lacks what its primary wrote last, and the rows of unlogged tables.
        if (held.replays)
          throw new PortError('conflict', 'SOURCE_REPLAYS', `'${address.host}' is a replica; back its primary up`)
        const { properties, roles } = await database.within(surroundings)
        const dump = { address, client, snapshot: held.name, lockWaitMs: fingerprint.lockWaitMs }
        const { parts, begun } = toldOnceBegun(dumpParts(dump, await this.shares(database)))
        const { takenAt: at, cluster, serverVersion, position } = origin
        return work({
          origin: { ...(cluster !== undefined && { cluster }), database: origin.database, serverVersion, position, at },
          properties,
          client: client.version,
          roles,
          parts,
          fingerprint: async () => {
            await begun
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

  private async shares(database: HeldDatabase): Promise<string[][]> {
    const { readers, tableBytesAtLeast = TABLE_BYTES_AT_LEAST } = this.settings
    // A materialized view has no rows in a dump: it is filled again.
    const tables = database.relations.filter(({ kind }) => kind === 'table')
    const sizes = await database.within((client) => relationSizes(client, tables))
    return shareOut(
      tables.map(({ oid, name }) => ({ table: name, bytes: sizes.get(oid)!.bytes })),
      { parts: readers, tableBytesAtLeast },
    )
  }
}

async function surroundings(client: Client): Promise<{ properties: DatabaseProperties; roles: BackupRole[] }> {
  return { properties: await databaseProperties(client), roles: await clusterRoles(client) }
}

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
        const { parts, begun } = toldOnceBegun(dumpParts(dump, await this.shares(database, properties)))
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

  private async shares(database: HeldDatabase, { encoding }: DatabaseProperties): Promise<string[][]> {
    const { readers, tableBytesAtLeast = TABLE_BYTES_AT_LEAST } = this.settings
    // A materialized view has no rows in a dump: it is filled again.
    const tables = database.relations.filter(({ kind }) => kind === 'table')
    const { sizes, isLinked } = await database.within(async (client) => ({
      sizes: await relationSizes(client, tables),
      isLinked: await checksCallFunctions(client),
    }))
    // Each part is loaded by itself, and sees no rows of the others.
    if (isLinked) return []
    return shareOut(
      tables.map(({ oid, name }) => ({
        table: name,
        bytes: sizes.get(oid)!.bytes,
        // `pg_dump` reads the names that it is given in the encoding of the database, and gets them in UTF-8.
        stays: encoding !== 'UTF8' && !isAscii(name),
      })),
      { parts: readers, tableBytesAtLeast },
    )
  }
}

const isAscii = (name: string): boolean => Buffer.byteLength(name) === name.length

/**
 * Whether a check or a generated column calls a function that could read rows of other tables. PostgreSQL asks for checks that do
 * not, and holds nobody to it.
 */
async function checksCallFunctions(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ calls: boolean }>(
    `select exists (
       select from pg_depend d
       join pg_proc p on p.oid = d.refobjid and d.refclassid = 'pg_proc'::regclass
       join pg_language l on l.oid = p.prolang and l.lanname not in ('internal', 'c')
       left join pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
       left join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
       where p.pronamespace <> 'pg_catalog'::regnamespace
         and (d.classid = 'pg_constraint'::regclass or coalesce(a.attgenerated, '') <> '')
     ) as calls`,
  )
  return rows[0]!.calls
}

async function surroundings(client: Client): Promise<{ properties: DatabaseProperties; roles: BackupRole[] }> {
  return { properties: await databaseProperties(client), roles: await clusterRoles(client) }
}

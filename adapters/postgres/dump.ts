import type { Client } from 'pg'
import type { ConsistentState, DumpSource, TableContent } from '../../core/ports/logical-dump'
import { dumpedBy } from './client-program'
import { asPortError, connect, destroy, type Endpoint, type Login } from './connect'
import { clientEnvironment } from './database-url'
import { takeBaselineIn } from './fingerprint/baseline'
import { holdSnapshot, inSnapshot } from './fingerprint/snapshot'

export interface DumpSettings {
  readonly endpoint: Endpoint
  /** File of the authorities that sign the endpoint's certificate. */
  readonly authorities: string
  /** Where `pg_dump` stands; its major version has to be that of the server or a later one. */
  readonly program: string
  /** A login for each connection: a token of RDS is good for a quarter of an hour. */
  readonly login: () => Promise<Login>
  /** Longest wait for a table that somebody holds; longer than any statement of the application should hold one. */
  readonly lockWaitMs: number
}

const CONNECT_MS = 20_000

/** One state of a PostgreSQL database, held by a snapshot that this session exports and `pg_dump` takes. */
export class PostgresDumpSource implements DumpSource {
  constructor(private readonly settings: DumpSettings) {}

  async consistently<T>(work: (state: ConsistentState) => Promise<T>): Promise<T | undefined> {
    const { endpoint, login, lockWaitMs } = this.settings
    let client: Client | undefined
    try {
      client = await connect(endpoint, await login(), CONNECT_MS)
      const session = client
      const { name: snapshot, position, replays } = await holdSnapshot(client, { lockWaitMs })
      if (replays) return undefined
      const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`)
      const { version } = rows[0]!
      return await work({
        position,
        serverVersion: version,
        content: (tables) => this.content(snapshot, tables),
        dump: (tables) => this.dump(session, snapshot, tables),
      })
    } catch (error) {
      throw asPortError(error, endpoint.name)
    } finally {
      destroy(client)
    }
  }

  /** In a session of its own, which lets go of the tables at once: a migration must not wait for the whole dump. */
  private async content(snapshot: string, tables: readonly string[]): Promise<TableContent[]> {
    const { endpoint, login, lockWaitMs } = this.settings
    const client = await connect(endpoint, await login(), CONNECT_MS)
    try {
      const found = await inSnapshot(client, snapshot, { lockWaitMs }, () => takeBaselineIn(client, tables))
      return found.map(({ table, rows, hash }) => ({ table, rows, hash }))
    } finally {
      destroy(client)
    }
  }

  private async *dump(session: Client, snapshot: string, tables: readonly string[]): AsyncIterable<Uint8Array> {
    const { endpoint, authorities, program, login, lockWaitMs } = this.settings
    const { schemas, others } = await around(session, tables)
    yield* dumpedBy({
      program,
      args: [
        '--format=custom',
        // As fast as no compression at all, and smaller than gzip (docs/adr/008-what-reaches-the-archive.md).
        '--compress=zstd:3',
        '--no-password',
        `--snapshot=${snapshot}`,
        `--lock-wait-timeout=${lockWaitMs}`,
        // Whole schemas less the other tables, so that types and the schema itself come along: a dump of tables alone could
        // not be restored where nothing is.
        '--strict-names',
        ...schemas.map((schema) => `--schema=${quoted(schema)}`),
        ...others.map(({ schema, name }) => `--exclude-table=${quoted(schema)}.${quoted(name)}`),
      ],
      env: clientEnvironment({
        host: endpoint.name,
        ...(endpoint.host !== endpoint.name && { hostAddress: endpoint.host }),
        port: endpoint.port,
        database: endpoint.database,
        login: await login(),
        authorities,
      }),
    })
  }
}

/** A pattern that fits one name and no other: in quotes, no letter is a wildcard. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The schemas of the tables, and what else holds rows in them: no partition of a table, and no sequence, which holds nobody's data and may be a default of any. */
async function around(session: Client, tables: readonly string[]) {
  const wanted = 'select unnest($1::text[])::regclass as oid'
  const schemas = await session.query<{ schema: string }>(
    `select distinct n.nspname as schema from (${wanted}) w join pg_class c using (oid)
     join pg_namespace n on n.oid = c.relnamespace order by 1`,
    [tables],
  )
  const others = await session.query<{ schema: string; name: string }>(
    `with wanted as (${wanted}), kept as (
       select oid from wanted union select relid from wanted, pg_partition_tree(oid)
     )
     select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace in (select relnamespace from pg_class join wanted using (oid))
       and c.oid not in (select oid from kept) order by 1, 2`,
    [tables],
  )
  return { schemas: schemas.rows.map(({ schema }) => schema), others: others.rows }
}

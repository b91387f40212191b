import type { Client } from 'pg'
import {
  FORM,
  NO_CONTENT,
  together,
  type Content,
  type DatabaseFingerprint,
  type FingerprintOrigin,
  type TableFingerprint,
  type UnreadTable,
} from '../../../core/integrity/fingerprint'
import { planFingerprint, type Pace, type Piece } from '../../../core/integrity/plan'
import { systemIdentifier } from '../system-identifier'
import { fingerprintCatalog } from './catalog'
import { contentBy, hashStatement } from './content'
import { hashLargeObjects, LARGE_OBJECTS, largeObjects } from './large-objects'
import { tableRecords, type TableRecord } from './record'
import { relationsIn, relationSizes, rewrittenSince, type Relation } from './relations'
import { readSequences, spanned } from './sequences'
import { holdSnapshot, inSnapshot, type HeldSnapshot, type LockWait } from './snapshot'
import { unreadableBy } from './unreadable'

export interface FingerprintOptions extends LockWait {
  /** What is expected of one session: tables are divided by it. */
  readonly pace: Pace
  /** Workers that the server may add to a session for a table that is not divided. @default none */
  readonly workers?: number
  /** A snapshot that somebody else exported and holds until this has ended, `pg_dump`'s for instance. @default one of its own */
  readonly snapshot?: string
  /** Told after each piece; bytes as they lie on disk. */
  readonly onProgress?: (done: { readonly bytes: number; readonly of: number }) => void
}

/** One state of a database that stays as it is while it is read. */
export interface HeldDatabase {
  readonly held: HeldSnapshot
  readonly origin: FingerprintOrigin
  readonly relations: readonly Relation[]
  readonly records: ReadonlyMap<string, TableRecord>
  fingerprint(): Promise<DatabaseFingerprint>
  /** Runs work in the state. */
  within<T>(work: (client: Client) => Promise<T>): Promise<T>
}

/**
 * The fingerprint of a whole database: content of every table, sequences and catalog, all in one snapshot, which the first
 * session holds still while the others hash. The sessions belong to one database, are in no transaction and are in none
 * afterwards; one session does everything by itself, and then keeps a lock on each table until the end. No row and no key
 * leaves the server, and memory grows with the catalog alone.
 *
 * A table that cannot be read is listed as unread with a code; everything else that goes wrong is an error.
 */
export function fingerprintDatabase(
  sessions: readonly Client[],
  options: FingerprintOptions,
): Promise<DatabaseFingerprint> {
  return withHeldDatabase(sessions, options, (database) => database.fingerprint())
}

/** The same for whoever has to look at the state more closely once its fingerprint is known. */
export async function withHeldDatabase<T>(
  sessions: readonly Client[],
  options: FingerprintOptions,
  work: (database: HeldDatabase) => Promise<T>,
): Promise<T> {
  const [holder, ...others] = sessions
  if (!holder) throw new Error('a fingerprint needs a session')
  try {
    const held = await holdSnapshot(holder, options, options.snapshot)
    // Before anything else: from here on a sequence may run away from the snapshot.
    const first = await readSequences(holder)
    const readers = others.length > 0 ? others : [holder]
    const state = new State(holder, readers, held, options)
    return await work(await state.look(first))
  } finally {
    // A session that is gone has let go already.
    await holder.query('rollback').catch(() => undefined)
  }
}

class State {
  constructor(
    private readonly holder: Client,
    private readonly readers: readonly Client[],
    private readonly held: HeldSnapshot,
    private readonly options: FingerprintOptions,
  ) {}

  async look(first: Sequences): Promise<HeldDatabase> {
    const { holder, held } = this
    const relations = await relationsIn(holder)
    const oids = relations.map(({ oid }) => oid)
    const records = await tableRecords(holder, oids)
    const origin = await originOf(holder, held)
    return {
      held,
      origin,
      relations,
      records,
      within: (work) => this.within(this.readers[0]!, work),
      fingerprint: async () => {
        const { tables, unread } = await this.contents(relations, records)
        const catalog = await fingerprintCatalog(holder)
        const last = await readSequences(holder)
        return {
          origin,
          tables,
          unread: [...unread, ...first.unreadable.map((table) => ({ table, code: INSUFFICIENT_PRIVILEGE }))],
          sequences: spanned(first.read, last.read),
          catalog,
        }
      },
    }
  }

  /** In a transaction of the reader's own, so that its lock on a table is short; where the holder reads, to a savepoint. */
  private async within<T>(reader: Client, work: (client: Client) => Promise<T>): Promise<T> {
    const { holder, held, options } = this
    if (reader !== holder) return inSnapshot(reader, held.name, options, () => work(reader))
    await holder.query('savepoint piece')
    try {
      return await work(holder)
    } finally {
      await holder.query('rollback to savepoint piece')
    }
  }

  private async contents(relations: readonly Relation[], records: ReadonlyMap<string, TableRecord>) {
    const { holder, readers, options, held } = this
    const byName = new Map(relations.map((relation) => [relation.name, relation]))
    // A replica has no rows of them, whatever the primary has.
    const readable = relations.filter(({ unlogged }) => !(unlogged && held.replays))
    const sizes = await relationSizes(holder, readable)
    const sized = readable.map(({ oid, name, divisible }) => ({ table: name, divisible, ...sizes.get(oid)! }))
    const { pieces, bytes: of } = planFingerprint(sized, readers.length, options.pace)
    const parts = new Map<string, Content[]>(readable.map(({ name }) => [name, []]))
    const codes = new Map<string, string>()
    const objects = await largeObjects(holder)
    let bytes = 0
    const hashPiece = async (reader: Client, piece: Piece): Promise<void> => {
      const relation = byName.get(piece.table)!
      const statement = hashStatement(relation, records.get(relation.oid)!, piece.blocks)
      const workers = piece.blocks ? 0 : (options.workers ?? 0)
      if (!codes.has(piece.table))
        await this.reading(reader, piece.table, codes, async (client) => {
          await client.query(`set local max_parallel_workers_per_gather = ${workers}`)
          parts.get(piece.table)!.push(await contentBy(client, statement))
        })
      bytes += piece.bytes
      options.onProgress?.({ bytes, of })
    }
    const queue = [...pieces]
    const read = async (reader: Client): Promise<void> => {
      for (let piece = queue.shift(); piece; piece = queue.shift()) await hashPiece(reader, piece)
    }
    await Promise.all(readers.map(read))
    let kept: Content | undefined
    if (objects.readable)
      await this.reading(readers[0]!, LARGE_OBJECTS, codes, async (client) => (kept = await hashLargeObjects(client)))
    else if (objects.count === 0) kept = NO_CONTENT
    else codes.set(LARGE_OBJECTS, INSUFFICIENT_PRIVILEGE)
    // Asked last: a snapshot sees a table as empty that was truncated before it was read.
    const rewritten = await rewrittenSince(holder, readable)
    for (const { oid, name } of readable) if (rewritten.has(oid) && !codes.has(name)) codes.set(name, 'REWRITTEN')
    for (const { name, unlogged } of relations) if (unlogged && held.replays) codes.set(name, 'UNLOGGED')
    const tables = readable
      .filter(({ name }) => !codes.has(name))
      .map(({ oid, name, kind, key, dealtBy }): TableFingerprint => {
        const { columns } = records.get(oid)!
        return {
          table: name,
          kind,
          columns,
          ...(key && { key }),
          ...(dealtBy && { dealtBy }),
          ...together(parts.get(name)!),
        }
      })
    const objectTable = kept && { table: LARGE_OBJECTS, kind: 'large-objects' as const, columns: String(FORM), ...kept }
    return {
      tables: [...tables, ...(objectTable ? [objectTable] : [])],
      unread: [...codes].map(([table, code]): UnreadTable => ({ table, code })),
    }
  }

  /** Notes the code where the server says that this table cannot be read. */
  private async reading(
    reader: Client,
    table: string,
    codes: Map<string, string>,
    work: (client: Client) => Promise<unknown>,
  ): Promise<void> {
    try {
      await this.within(reader, work)
    } catch (error) {
      const code = unreadableBy(error)
      if (code === undefined) throw error
      codes.set(table, code)
    }
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

type Sequences = Awaited<ReturnType<typeof readSequences>>

async function originOf(client: Client, { position, replays }: HeldSnapshot): Promise<FingerprintOrigin> {
  const { rows } = await client.query<{ version: string; database: string; at: Date; may: boolean }>(
    `select current_setting('server_version') as version, current_database() as database, now() as at,
       has_function_privilege('pg_control_system()', 'execute') as may`,
  )
  const { version, database, at, may } = rows[0]!
  return {
    form: FORM,
    serverVersion: version,
    ...(may && { cluster: await systemIdentifier(client) }),
    database,
    replays,
    position,
    takenAt: at.toISOString(),
  }
}

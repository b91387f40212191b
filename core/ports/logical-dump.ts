import type { DataClass } from './archive-disposal'
import type { ArchiveIntake } from './archive-intake'

/** Content of one table in the snapshot that was dumped, to compare a restored copy with. */
export interface TableContent {
  readonly table: string
  readonly rows: string
  readonly hash: string
}

/** One state of the whole database, held still while it is read. */
export interface ConsistentState {
  /** Position in the log at which the state was. */
  readonly position: string
  readonly serverVersion: string
  content(tables: readonly string[]): Promise<readonly TableContent[]>
  /**
   * The tables as one archive that `pg_restore` reads, with schema and data. Ends with PortError where the program did not
   * end well: what came before is then no dump.
   */
  dump(tables: readonly string[]): AsyncIterable<Uint8Array>
}

export interface DumpSource {
  /** Runs `work` over one state. Undefined, and nothing is done, where the database only replays: its writer is dumped. */
  consistently<T>(work: (state: ConsistentState) => Promise<T>): Promise<T | undefined>
}

/** The archive of one region as whoever brings a stream in sees it. */
export interface DumpArchive extends Pick<ArchiveIntake, 'holds' | 'write'> {
  /**
   * Keeps the whole stream under the key, encrypted under a key of the region that holds it, or nothing of it where the stream
   * ends with an error.
   */
  keep(dataClass: DataClass, key: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
}

import type { DataClass } from './archive-disposal'

/** One object of the archive. */
export interface ArchivedObject {
  readonly key: string
  readonly bytes: number
}

/** The archive of one region as whoever reads it back sees it. Reads, and changes nothing. */
export interface ArchiveReading {
  /** What a class holds below a prefix, in key order. */
  objects(dataClass: DataClass, prefix: string): AsyncIterable<ArchivedObject>
  /** Throws PortError('invalid') for a key that holds nothing. */
  read(dataClass: DataClass, key: string): AsyncIterable<Uint8Array>
}

/** What a file of Parquet holds. */
export interface ParquetContent {
  readonly rows: number
  readonly columns: readonly string[]
}

/**
 * Readers that others wrote: that we can read what we wrote shows nothing of whether anybody can in twenty years. Both read
 * everything, to the last value; PortError('invalid') where they cannot.
 */
export interface IndependentReaders {
  /** Rows of each table of a logical dump, as `schema.table`. */
  dump(bytes: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, number>>
  parquet(bytes: AsyncIterable<Uint8Array>): Promise<ParquetContent>
}

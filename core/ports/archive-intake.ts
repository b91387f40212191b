import type { DataClass } from './archive-disposal'

/** A file that an export has written and that is not yet kept. */
export interface StagedObject {
  readonly key: string
  readonly bytes: number
}

/** The archive of one region as whoever brings something in sees it: it can add, and neither change nor delete. */
export interface ArchiveIntake {
  /** Files below a prefix of the place where exports are written, in key order, page by page. */
  staged(prefix: string): AsyncIterable<StagedObject>
  /** Text of a staged file. Throws PortError('invalid') for one beyond a megabyte: data is copied, never read. */
  read(staged: StagedObject): Promise<string>
  holds(dataClass: DataClass, key: string): Promise<boolean>
  /** Copies a staged file into the archive of a class. Throws PortError('invalid') for one that is too large to copy at once. */
  take(dataClass: DataClass, from: StagedObject, key: string): Promise<void>
  /** Writes a text once; nothing happens where the key holds something. */
  write(dataClass: DataClass, key: string, text: string): Promise<void>
}

/** Longest that one copy may take; S3 copies inside a region by itself, and gigabytes take minutes. Minutes. */
export const ONE_COPY_MINUTES = 5
/** Largest staged file that is read. */
export const LARGEST_READ_BYTES = 1024 ** 2

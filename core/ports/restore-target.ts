import type { DatabaseFingerprint } from '../integrity/fingerprint'
import type { BackupRole, DatabaseProperties } from './backup-source'

/**
 * In the order in which they are loaded, as `pg_restore` calls them: definitions of what holds rows; the rows; who may do what
 * with it, which an owner may have taken from himself; what is checked and built over rows.
 */
export type DumpSection = 'pre-data' | 'data' | 'privileges' | 'post-data'

/** A database that does not exist yet, on a server that does. */
export interface RestoreTarget {
  /** Which of the roles its server lacks; those of a server that is thrown away are made, without a login. */
  missingRoles(roles: readonly BackupRole[]): Promise<readonly string[]>
  /**
   * Makes the database, empty, with what the original was made with, under a name of our own. Throws PortError('conflict')
   * where one of that name is in use.
   */
  create(properties: DatabaseProperties): Promise<void>
  /**
   * Loads one section of a part in one transaction, and reads the part to its end: an error of the program, or of the stream,
   * leaves nothing of it. Sections of several parts may be loaded at a time. Throws PortError with a code for what can be told
   * apart, and no text of the program, which may quote a row.
   */
  load(part: AsyncIterable<Uint8Array>, section: DumpSection): Promise<void>
  fingerprint(): Promise<DatabaseFingerprint>
  /** Removes what `create` made, and nothing else. */
  remove(): Promise<void>
}

/**
 * A place for backups: a folder, or a prefix of a bucket. Names are paths of letters, digits, `.`, `_`, `-` and `/`. What is
 * missing, taken, full or closed comes back as PortError.
 */
export interface BackupStore {
  /** Keeps the whole stream under a name that nothing holds yet, or nothing of it where the stream ends with an error. */
  keep(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
  /** Puts another text in the place of one, in one step. */
  replace(name: string, text: string): Promise<void>
  /** The bytes under a name. Throws PortError('invalid', 'BACKUP_FILE_MISSING') for a name that nothing holds. */
  read(name: string): AsyncIterable<Uint8Array>
  /** Names that start with the prefix, in order. */
  names(prefix: string): AsyncIterable<string>
}

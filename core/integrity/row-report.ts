/** A row that differs, as far as it may be told. */
export interface DifferingRow {
  readonly how: 'missing' | 'unexpected' | 'changed'
  /** Part of the hash of its key: where to look. */
  readonly bucket: string
  /**
   * The key itself where it is a number or a UUID that was given out. Any other key, such as the number of a citizen or an
   * address, is data of a person, and so is a hash of it, which whoever can guess keys can turn back: only the bucket is told,
   * which many keys share.
   */
  readonly key?: string
}

/** How the rows of one table differ. */
export interface TableDifference {
  readonly table: string
  readonly missing: number
  readonly unexpected: number
  readonly changed: number
  /** Rows that were written whenever they were looked at. */
  readonly moving: number
  /** Whether these are all; where very much differs, some of it is looked into. */
  readonly complete: boolean
  /** How many buckets there are, so that somebody with access to the rows finds those of one. */
  readonly buckets: number
  /** The first of them. */
  readonly rows: readonly DifferingRow[]
}

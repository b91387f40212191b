/**
 * Form of the hashes. Hashes of two forms say nothing of each other; a change of what is hashed, or how, raises it.
 */
export const FORM = 3

/** Content of some rows, independent of their order: how many, and a sum of 64 bits of each under two seeds. */
export interface Content {
  readonly rows: string
  /** Two sums, in decimal. A sum sees a doubled row, and sums of parts add up to the sum of the whole. */
  readonly hash: string
}

export const NO_CONTENT: Content = { rows: '0', hash: '0/0' }

/** Content of parts that have no row in common. */
export function together(parts: readonly Content[]): Content {
  let rows = 0n
  let sums: [bigint, bigint] = [0n, 0n]
  for (const part of parts) {
    const [first = '0', second = '0'] = part.hash.split('/')
    rows += BigInt(part.rows)
    sums = [sums[0] + BigInt(first), sums[1] + BigInt(second)]
  }
  return { rows: String(rows), hash: sums.join('/') }
}

export const sameContent = (one: Content, other: Content): boolean => one.rows === other.rows && one.hash === other.hash

/** What holds rows of its own. A partitioned table holds none: its partitions are listed. */
export type RelationKind = 'table' | 'materialized-view' | 'large-objects'

/** One table in a snapshot. */
export interface TableFingerprint extends Content {
  /** Schema and name, quoted where they have to be. */
  readonly table: string
  readonly kind: RelationKind
  /** Which columns were hashed and how: with others the hash is another one, although no row was touched. */
  readonly columns: string
  /** Columns of the primary key, or of another key that tells every row; absent where there is none. */
  readonly key?: readonly string[]
  /**
   * The partitioned table that deals rows to this partition and to others by a hash of an enumeration. That hash is of a number
   * that another database does not share, so that a restored dump deals them otherwise. Absent where none does.
   */
  readonly dealtBy?: string
}

/** A table that could not be hashed, and why, as SQLSTATE or as one of our codes. */
export interface UnreadTable {
  readonly table: string
  /**
   * `REWRITTEN`: truncated or rewritten after the snapshot, which no snapshot holds still. `UNLOGGED`: on a replica, where it
   * has no content. XX001 and XX002 are damage that the server itself found.
   */
  readonly code: string
}

/** Where a sequence stood at the beginning and at the end: no snapshot holds it still. */
export interface SequenceValue {
  readonly sequence: string
  readonly increment: string
  /** How many values a session may take at once, each of which may be lost. */
  readonly cache: string
  /** Whether it begins anew at its end. */
  readonly cycles: boolean
  readonly first: SequenceState
  readonly last: SequenceState
}

export interface SequenceState {
  readonly value: string
  /** Whether `value` was given out; if not, it is the next one. */
  readonly called: boolean
}

/** One object of the catalog and a hash of its whole definition. */
export interface CatalogObject {
  readonly object: string
  readonly hash: string
}

/** Objects of each kind, by name; kinds as in `CATALOG_KINDS`. */
export type CatalogFingerprint = Readonly<Record<string, readonly CatalogObject[]>>

/** Of which database, and of which moment, a fingerprint is. */
export interface FingerprintOrigin {
  readonly form: number
  readonly serverVersion: string
  /** The number that initdb gave the cluster; physical copies carry it too. Absent where the role may not ask. */
  readonly cluster?: string
  readonly database: string
  readonly replays: boolean
  /** Position in the log up to which everything stands that the snapshot sees. */
  readonly position: string
  /** When it was begun, by the clock of the server; ISO 8601. */
  readonly takenAt: string
}

/** Content and catalog of one database in one snapshot. Plain JSON, without any value of a row. */
export interface DatabaseFingerprint {
  readonly origin: FingerprintOrigin
  readonly tables: readonly TableFingerprint[]
  readonly unread: readonly UnreadTable[]
  readonly sequences: readonly SequenceValue[]
  readonly catalog: CatalogFingerprint
}

import type { CatalogFingerprint, Content, SequenceState } from '../integrity/fingerprint'
import type { Finding } from '../integrity/compare'
import type { SizedTable } from '../integrity/plan'

/** Blocks of a table, `to` not among them. */
export interface BlockRange {
  readonly from: number
  readonly to: number
}

export interface TablePart extends BlockRange {
  readonly table: string
}

/** Content of one range of blocks, of many. */
export interface RangeContent extends BlockRange, Content {}

/** What a range of a table is in one snapshot, or the code with which the server refused to read it. */
export type ReadRanges =
  { readonly columns: string; readonly ranges: readonly RangeContent[] } | { readonly unread: string }

/** A row by its place in the file, which on a replica is the same. */
export interface PlacedRow {
  /** Such as `(17,3)`. */
  readonly place: string
  readonly version: string
  readonly hash: string
}

/** What went on in a database around an answer; numbers of transactions in decimal. */
export interface Around {
  readonly oldest: string
  readonly next: string
  /** Where its log ended, or how far it had replayed, once the answer was known. */
  readonly position: string
}

export interface ReadCatalog extends Around {
  readonly catalog: CatalogFingerprint
  readonly sequences: readonly (SequenceState & {
    readonly sequence: string
    readonly increment: string
    readonly cache: string
    readonly cycles: boolean
  })[]
  /** Failed checksums that the server has counted, or that it counts none. */
  readonly checksums: readonly Finding[]
}

/**
 * Reads one database for a comparison with another one, each call in a few minutes and in a state of its own. No row and no key
 * leaves the database: hashes, counts and places do. Where a position is named, a replica is read once it has replayed up to
 * there; PortError('conflict', 'REPLICA_BEHIND') where it has not in time.
 */
export interface ContentReader {
  sizes(): Promise<readonly SizedTable[]>
  /** Content of a part of a table in so many ranges of blocks at most, all in one snapshot; two databases divide alike. */
  ranges(part: TablePart, count: number, after?: string): Promise<ReadRanges>
  /** The rows of a few blocks as they are at present. */
  rows(
    table: string,
    blocks: readonly number[],
    after?: string,
  ): Promise<Around & { readonly rows: readonly PlacedRow[] }>
  catalog(after?: string): Promise<ReadCatalog>
}

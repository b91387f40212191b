import type { InstanceRef } from './database'

/** Rows of one table, counted. */
export interface CountedRows {
  readonly table: string
  readonly rows: number
}

/** Rows of a database that were written at or after a moment, as they stand now, and those that were deleted since. */
export type LaterWritesList =
  | {
      readonly kind: 'listed'
      /** Tables that hold rows inserted or changed since. */
      readonly tables: readonly CountedRows[]
      /** Tables of which rows were deleted since: the recovered copy holds them again. */
      readonly deleted: readonly CountedRows[]
      /** The ids of the rows, a line of JSON each; kept beside the evidence, never in it. */
      readonly artefact: { readonly name: string; readonly sha256: string }
    }
  /** What cannot be told is never an empty list. `COMMIT_TIMES_OFF`, or `COMMIT_TIMES_TOO_YOUNG` for the moment. */
  | { readonly kind: 'inconclusive'; readonly code: string }

/** Lists what a recovery leaves behind, for people to enter again. Reads the database and changes nothing in it. */
export interface LaterWrites {
  /**
   * Rows that were inserted or changed since, and rows that were deleted: those leave no trace in the source, and are the ones
   * that only the copy recovered to that moment holds. Called again with the same key it lists anew.
   */
  list(source: InstanceRef, request: LaterWritesRequest): Promise<LaterWritesList>
}

export interface LaterWritesRequest {
  readonly key: string
  readonly since: string
  readonly recovered: InstanceRef
  /**
   * How long before the moment a commit may have taken its time and still stand behind it in the log, so that the copy does not
   * hold it. What was committed so recently is looked for in the copy.
   */
  readonly reachBackSeconds: number
}

import type { InstanceRef } from './database'

/** Rows of a database that were written at or after a moment, as they stand now. */
export type LaterWritesList =
  | {
      readonly kind: 'listed'
      /** Tables that hold any. */
      readonly tables: readonly { readonly table: string; readonly rows: number }[]
      /** The ids of the rows, a line of JSON each; kept beside the evidence, never in it. */
      readonly artefact: { readonly name: string; readonly sha256: string }
    }
  /** What cannot be told is never an empty list. `COMMIT_TIMES_OFF`, or `COMMIT_TIMES_TOO_YOUNG` for the moment. */
  | { readonly kind: 'inconclusive'; readonly code: string }

/** Lists what a recovery leaves behind, for people to enter again. Reads the database and changes nothing in it. */
export interface LaterWrites {
  /** Rows inserted or changed; a row that was deleted leaves no trace. Called again with the same key it lists anew. */
  list(source: InstanceRef, request: { readonly key: string; readonly since: string }): Promise<LaterWritesList>
}

/** A moment as whoever holds the data tells it. */
export interface MarkedMoment {
  /** ISO 8601, UTC; everything committed before it is before the marker. */
  readonly at: string
  /** Where the log of the database stood. @default not told: a history that goes by time needs none */
  readonly position?: string
  /** Transaction that wrote the mark itself. @default nothing was written */
  readonly transaction?: string
}

/** Marks the present in a database, so that its own clock and log say when that was. */
export interface Marking {
  mark(name: string): Promise<MarkedMoment>
}

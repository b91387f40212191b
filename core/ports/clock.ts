/** Time, injected everywhere so that tests and the memory world can run on a virtual clock. */
export interface Clock {
  /** Wall-clock time, for records and deadlines that cross processes. */
  now(): Date
  /** Milliseconds on a clock that never jumps, for durations inside one process. */
  monotonicMs(): number
  sleep(milliseconds: number): Promise<void>
}

/** Identifiers, injected for the same reason as time. */
export interface Ids {
  /** A new identifier that starts with `prefix` and sorts by creation time. */
  next(prefix: string): string
}

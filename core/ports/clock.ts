/** Time, injected everywhere so that tests and the memory world can run on a virtual clock. */
export interface Clock {
  /** Wall-clock time, for records and deadlines that cross processes. */
  now(): Date
  /** Milliseconds on a clock that never jumps, for durations inside one process. */
  monotonicMs(): number
  sleep(milliseconds: number): Promise<void>
}

/** One line of the clients' own log. Every attempt has a number of its own and is never repeated under it. */
export interface WorkloadEvent {
  readonly kind: 'intent' | 'acknowledged' | 'refused' | 'unknown'
  readonly client: number
  readonly sequence: number
  /** Monotonic clock in nanoseconds, a decimal string; comparable between the processes of one machine. */
  readonly atNs: string
  /** Wall clock in milliseconds, to set beside the runbook's own times. */
  readonly wallMs: number
  /** Endpoint the attempt went to, once there was one. */
  readonly endpoint?: string
  /** Version of the program that answered, where it says so. */
  readonly release?: string
}

/** Whole nanoseconds between two readings as seconds: the difference is taken before a double could round it. */
export const secondsBetween = (fromNs: bigint, toNs: bigint): number => Number(toNs - fromNs) / 1e9

import type { WriterEpoch } from './writer-epoch'

/** What a guard learned in one round. `unreachable` places are simply absent. */
export interface GuardRound {
  /** Region the guard keeps. */
  readonly region: string
  /** Epochs read in this round, one per place that answered. */
  readonly epochs: readonly WriterEpoch[]
  /** Milliseconds since the last round in which any place answered, on a monotonic clock. */
  readonly silentMs: number
  readonly leaseMs: number
}

/**
 * - `renew`: the newest epoch read names this region; the lease may be extended from before the read
 * - `close`: another region holds a newer epoch, or nobody has answered for a whole lease
 * - `idle`: nothing to go by yet; the lease runs on to its end by itself
 */
export type GuardDecision =
  { readonly kind: 'renew'; readonly epoch: number } | { readonly kind: 'close' } | { readonly kind: 'idle' }

/** The guard's whole judgement. One place that answers is enough; the highest epoch read is the one that counts. */
export function guardDecision(round: GuardRound): GuardDecision {
  const newest = round.epochs.reduce<WriterEpoch | undefined>(
    (best, next) => (!best || next.epoch > best.epoch ? next : best),
    undefined,
  )
  if (newest) return newest.holder === round.region ? { kind: 'renew', epoch: newest.epoch } : { kind: 'close' }
  return round.silentMs >= round.leaseMs ? { kind: 'close' } : { kind: 'idle' }
}

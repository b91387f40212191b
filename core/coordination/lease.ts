import type { InstanceRef } from '../ports/database'
import { isHeldBy, newestEpoch, type WriterEpoch } from './writer-epoch'

/** What a guard learned in one round. `unreachable` places are simply absent. */
export interface GuardRound {
  /** Database the guard keeps. */
  readonly instance: InstanceRef
  /** Places that were asked. */
  readonly places: number
  /** Epochs read in this round, one per place that answered. */
  readonly epochs: readonly WriterEpoch[]
  /** Milliseconds since the last round in which any place answered, on a monotonic clock. */
  readonly silentMs: number
  readonly leaseMs: number
}

/**
 * - `renew`: the newest epoch read names this database. A lease that was granted in `continues` or later may be extended,
 *   from before the read; one that was not is never granted here, but by the step that opens the database. What was
 *   closed for want of news may be opened again only where every place was heard: a newer epoch stands in one at least.
 * - `close`: another database holds a newer epoch (`by`), or nobody has answered for a whole lease
 * - `idle`: nothing to go by yet; the lease runs on to its end by itself
 */
export type GuardDecision =
  | { readonly kind: 'renew'; readonly epoch: number; readonly continues: number; readonly reopen: boolean }
  | { readonly kind: 'close'; readonly by?: number }
  | { readonly kind: 'idle' }

/** The guard's whole judgement. One place that answers is enough; the highest epoch read is the one that counts. */
export function guardDecision(round: GuardRound): GuardDecision {
  const newest = newestEpoch(round.epochs)
  if (!newest) return round.silentMs >= round.leaseMs ? { kind: 'close' } : { kind: 'idle' }
  const { epoch, continues } = newest
  if (!isHeldBy(newest, round.instance)) return { kind: 'close', by: epoch }
  return { kind: 'renew', epoch, continues, reopen: round.epochs.length === round.places }
}

/** How a primary's writes reach its replica. */
export interface Replication {
  /** `sync` acknowledges a write only once the replica holds it. */
  readonly mode: 'sync' | 'async'
  readonly writesPerSecond: number
}

/** What stands between the primary and its replica at a moment. */
export interface Link {
  readonly up: boolean
  /** Age of the newest write that the replica holds while the link is up. */
  readonly lagSeconds: number
}

interface Beat {
  readonly atMs: number
  /** What the primary's own clock said. */
  readonly saidMs: number
  readonly position: number
}

/**
 * The loss model: clients whose writes a primary acknowledges at an even pace, a heartbeat once a second, and a replica that
 * holds what is at least `lagSeconds` old. Positions are counts of writes, so that what a promotion loses is a difference.
 * A promotion ends the replication: what was not shipped then is lost.
 */
export class ReplicatedWrites {
  /** Writes that the primary has acknowledged. */
  acknowledged = 0
  /** Writes that the replica holds. */
  shipped = 0
  /** The same two at the moment in which the promotion began. */
  atPromotion: { readonly acknowledged: number; readonly shipped: number } | undefined
  private readonly beats: Beat[] = []
  private shippedBeats = 0
  private lastMs = 0

  constructor(private readonly replication: Replication) {}

  /** Lets the time up to `nowMs` pass, in which the primary took writes or did not. */
  pass(nowMs: number, writable: boolean, link: Link, primaryClockAheadMs: number): void {
    const seconds = (nowMs - this.lastMs) / 1000
    if (seconds <= 0) return
    this.lastMs = nowMs
    const { mode, writesPerSecond } = this.replication
    const isConnected = link.up && this.atPromotion === undefined
    if (writable && (mode === 'async' || isConnected)) {
      this.acknowledged += writesPerSecond * seconds
      this.beats.push({ atMs: nowMs, saidMs: nowMs + primaryClockAheadMs, position: this.acknowledged })
    }
    if (!isConnected) return
    if (mode === 'sync') {
      this.shipped = this.acknowledged
      this.shippedBeats = this.beats.length
      return
    }
    const oldEnoughMs = nowMs - link.lagSeconds * 1000
    for (
      let next = this.beats[this.shippedBeats];
      next && next.atMs <= oldEnoughMs;
      next = this.beats[this.shippedBeats]
    ) {
      this.shipped = next.position
      this.shippedBeats += 1
    }
  }

  /** The promotion begins: from here on nothing is shipped. */
  promote(): void {
    this.atPromotion ??= { acknowledged: this.acknowledged, shipped: this.shipped }
  }

  /** Newest heartbeat that the replica holds, as the primary's clock dated it. */
  heartbeat(): { readonly sequence: number; readonly saidMs: number } | undefined {
    const beat = this.beats[this.shippedBeats - 1]
    return beat && { sequence: this.shippedBeats, saidMs: beat.saidMs }
  }
}

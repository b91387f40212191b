/** Eight steps per doubling: a quantile is at most 9 % (2^(1/8) - 1) above the true value, and never below it. */
const STEPS_PER_DOUBLING = 8

/** Latencies counted in logarithmic steps, so that memory depends on their spread and not on their number. */
export class LatencyHistogram {
  private readonly counts = new Map<number, number>()
  private total = 0

  add(milliseconds: number): void {
    const step = Math.ceil(Math.log2(Math.max(milliseconds, 0.001)) * STEPS_PER_DOUBLING)
    this.counts.set(step, (this.counts.get(step) ?? 0) + 1)
    this.total += 1
  }

  absorb(other: LatencyHistogram): void {
    for (const [step, count] of other.counts) this.counts.set(step, (this.counts.get(step) ?? 0) + count)
    this.total += other.total
  }

  /** Upper edge of the step that holds the quantile, in milliseconds; undefined where nothing was counted. */
  quantile(share: number): number | undefined {
    if (this.total === 0) return undefined
    let remaining = Math.max(1, Math.ceil(share * this.total))
    for (const [step, count] of [...this.counts].toSorted(([a], [b]) => a - b)) {
      remaining -= count
      if (remaining <= 0) return 2 ** (step / STEPS_PER_DOUBLING)
    }
    return undefined
  }
}

import { LatencyHistogram } from './latency-histogram'

/** More bars than this nobody sees in a chart: beyond it the buckets double in width, and memory stays bounded. */
const MAX_BUCKETS = 480

/** One stretch of time, in seconds from the fault. Latencies in milliseconds; absent where nothing was acknowledged. */
export interface SeriesPoint {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly acknowledgedPerSecond: number
  readonly failedPerSecond: number
  readonly p50Ms?: number
  readonly p99Ms?: number
}

interface Bucket {
  acknowledged: number
  failed: number
  readonly latency: LatencyHistogram
}

/** Counts outcomes in equal buckets of time around the fault. */
export class ThroughputSeries {
  private buckets = new Map<number, Bucket>()

  constructor(private bucketSeconds: number) {}

  acknowledged(atSeconds: number, latencyMs: number): void {
    const bucket = this.bucketAt(atSeconds)
    bucket.acknowledged += 1
    bucket.latency.add(latencyMs)
  }

  failed(atSeconds: number): void {
    this.bucketAt(atSeconds).failed += 1
  }

  /** Every bucket from the first to the last, also those in which nothing happened: silence is what an outage looks like. */
  points(): SeriesPoint[] {
    const indexes = [...this.buckets.keys()]
    if (indexes.length === 0) return []
    const [first, last] = [Math.min(...indexes), Math.max(...indexes)]
    return Array.from({ length: last - first + 1 }, (_, offset) => this.point(first + offset))
  }

  private point(index: number): SeriesPoint {
    const { acknowledged, failed, latency } = this.buckets.get(index) ?? emptyBucket()
    return {
      fromSeconds: index * this.bucketSeconds,
      toSeconds: (index + 1) * this.bucketSeconds,
      acknowledgedPerSecond: acknowledged / this.bucketSeconds,
      failedPerSecond: failed / this.bucketSeconds,
      p50Ms: latency.quantile(0.5),
      p99Ms: latency.quantile(0.99),
    }
  }

  private bucketAt(atSeconds: number): Bucket {
    for (;;) {
      const index = Math.floor(atSeconds / this.bucketSeconds)
      const held = this.buckets.get(index)
      if (held) return held
      this.buckets.set(index, emptyBucket())
      const indexes = [...this.buckets.keys()]
      if (Math.max(...indexes) - Math.min(...indexes) >= MAX_BUCKETS) this.widen()
    }
  }

  private widen(): void {
    const narrow = this.buckets
    this.buckets = new Map()
    this.bucketSeconds *= 2
    for (const [index, bucket] of narrow) {
      const wide = this.buckets.get(Math.floor(index / 2)) ?? emptyBucket()
      wide.acknowledged += bucket.acknowledged
      wide.failed += bucket.failed
      wide.latency.absorb(bucket.latency)
      this.buckets.set(Math.floor(index / 2), wide)
    }
  }
}

const emptyBucket = (): Bucket => ({ acknowledged: 0, failed: 0, latency: new LatencyHistogram() })

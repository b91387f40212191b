import { LatencyHistogram } from './latency-histogram'
import { ThroughputSeries, type SeriesPoint } from './throughput-series'
import { secondsBetween, type WorkloadEvent } from './workload-event'

/** One client's outage: from the start of its first failed attempt to its first acknowledgement by the new writer. */
export interface ClientOutage {
  readonly client: number
  readonly fromSeconds: number
  /** Absent while the client was not served again. */
  readonly toSeconds?: number
}

/** Throughput and latency over one part of the drill. */
export interface PhaseLoad {
  readonly seconds: number
  readonly acknowledged: number
  readonly failed: number
  readonly acknowledgedPerSecond: number
  readonly p50Ms?: number
  readonly p99Ms?: number
}

/** Everything the clients saw. All times in seconds from the fault; negative is before it. */
export interface WorkloadMeasurement {
  readonly attempts: number
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
  /** Attempts begun and never answered: the log ended first. They count as unknown. */
  readonly unanswered: number
  /**
   * From the first failed write (when it was begun, so that its waiting counts) to the first write the new writer
   * acknowledged. Undefined where no write failed, or none was acknowledged again: then it was not measured.
   */
  readonly outage?: { readonly fromSeconds: number; readonly toSeconds: number; readonly seconds: number }
  /** Wall clock of the first acknowledgement by the new writer, to end the breakdown with. */
  readonly servedAgainAt?: string
  readonly lastAcknowledgedBeforeSeconds?: number
  readonly clients: readonly ClientOutage[]
  readonly phases: { readonly before: PhaseLoad; readonly during: PhaseLoad; readonly after: PhaseLoad }
  readonly series: readonly SeriesPoint[]
}

export interface WorkloadQuestion {
  /** When the fault was injected, on the clock of the log. */
  readonly faultNs: bigint
  /** Server that writes after the recovery, as the log names it: only its acknowledgements end an outage. */
  readonly recoveredEndpoint: string
  /** Width of a bucket of the series; it doubles whenever a drill grows too long for it. */
  readonly bucketSeconds: number
}

/** Reads the clients' log once. Memory grows with the number of clients, not with the number of events. */
export async function measureWorkload(
  events: AsyncIterable<WorkloadEvent>,
  question: WorkloadQuestion,
): Promise<WorkloadMeasurement> {
  const tally = new Tally(question)
  for await (const event of events) tally.take(event)
  return tally.measurement()
}

interface ClientTally {
  pending?: { readonly sequence: number; readonly ns: bigint }
  firstFailure?: number
  servedAgain?: number
}

class Tally {
  private readonly clients = new Map<number, ClientTally>()
  private readonly series: ThroughputSeries
  private readonly loads = { before: new Load(), during: new Load(), after: new Load() }
  private readonly counts = { attempts: 0, acknowledged: 0, refused: 0, unknown: 0 }
  private abandoned = 0
  private first = Infinity
  private last = -Infinity
  private lastAcknowledgedBefore: number | undefined
  private servedAgain: { readonly seconds: number; readonly at: string } | undefined

  constructor(private readonly question: WorkloadQuestion) {
    this.series = new ThroughputSeries(question.bucketSeconds)
  }

  take(event: WorkloadEvent): void {
    const ns = BigInt(event.atNs)
    const seconds = secondsBetween(this.question.faultNs, ns)
    this.first = Math.min(this.first, seconds)
    this.last = Math.max(this.last, seconds)
    const client = this.clientOf(event.client)
    if (event.kind === 'intent') {
      this.counts.attempts += 1
      if (client.pending) this.abandoned += 1
      client.pending = { sequence: event.sequence, ns }
      return
    }
    const begunNs = client.pending?.sequence === event.sequence ? client.pending.ns : ns
    client.pending = undefined
    this.counts[event.kind] += 1
    if (event.kind === 'acknowledged') this.acknowledge(event, client, seconds, secondsBetween(begunNs, ns) * 1000)
    else this.fail(client, seconds, secondsBetween(this.question.faultNs, begunNs))
  }

  private acknowledge(event: WorkloadEvent, client: ClientTally, seconds: number, latencyMs: number): void {
    if (seconds >= 0 && event.endpoint === this.question.recoveredEndpoint) {
      client.servedAgain ??= seconds
      this.servedAgain ??= { seconds, at: new Date(event.wallMs).toISOString() }
    } else if (!this.servedAgain) this.lastAcknowledgedBefore = seconds
    this.series.acknowledged(seconds, latencyMs)
    this.loadAt(seconds).acknowledge(latencyMs)
  }

  private fail(client: ClientTally, seconds: number, begunSeconds: number): void {
    if (seconds >= 0 && client.servedAgain === undefined) client.firstFailure ??= begunSeconds
    this.series.failed(seconds)
    this.loadAt(seconds).failed += 1
  }

  measurement(): WorkloadMeasurement {
    const failed = [...this.clients].flatMap(([client, { firstFailure, servedAgain }]) =>
      firstFailure === undefined ? [] : [{ client, fromSeconds: firstFailure, toSeconds: servedAgain }],
    )
    const from = Math.min(...failed.map(({ fromSeconds }) => fromSeconds))
    const to = this.servedAgain?.seconds
    const end = Math.max(0, this.last)
    return {
      ...this.counts,
      unanswered: this.abandoned + [...this.clients.values()].filter(({ pending }) => pending).length,
      outage:
        failed.length > 0 && to !== undefined
          ? { fromSeconds: from, toSeconds: to, seconds: Math.max(0, to - from) }
          : undefined,
      servedAgainAt: this.servedAgain?.at,
      lastAcknowledgedBeforeSeconds: this.lastAcknowledgedBefore,
      clients: failed.toSorted((a, b) => a.client - b.client),
      phases: {
        before: this.loads.before.over(Math.max(0, -this.first)),
        during: this.loads.during.over(to ?? end),
        after: this.loads.after.over(to === undefined ? 0 : end - to),
      },
      series: this.series.points(),
    }
  }

  private clientOf(number: number): ClientTally {
    const client = this.clients.get(number) ?? {}
    this.clients.set(number, client)
    return client
  }

  private loadAt(seconds: number): Load {
    if (seconds < 0) return this.loads.before
    return this.servedAgain ? this.loads.after : this.loads.during
  }
}

class Load {
  failed = 0
  private acknowledged = 0
  private readonly latency = new LatencyHistogram()

  acknowledge(latencyMs: number): void {
    this.acknowledged += 1
    this.latency.add(latencyMs)
  }

  over(seconds: number): PhaseLoad {
    const { acknowledged, failed, latency } = this
    const acknowledgedPerSecond = seconds > 0 ? acknowledged / seconds : 0
    return {
      seconds: Number.isFinite(seconds) ? seconds : 0,
      acknowledged,
      failed,
      acknowledgedPerSecond: Number.isFinite(acknowledgedPerSecond) ? acknowledgedPerSecond : 0,
      p50Ms: latency.quantile(0.5),
      p99Ms: latency.quantile(0.99),
    }
  }
}

import { secondsBetween, type WorkloadEvent } from './workload-event'

/** What a bad release did to those who used it, as they saw it themselves. */
export interface Disturbance {
  readonly acknowledged: number
  readonly failed: number
  /** From the beginning to the first failed attempt, when it was begun. */
  readonly fromSeconds: number
  /** To the first attempt that was acknowledged after the last failed one. */
  readonly toSeconds: number
  /** The part of it since the rollback was applied: what its budget is for. */
  readonly sinceAppliedSeconds: number
}

export interface DisturbanceQuestion {
  /** Moments on the clock of the log: what is looked at, and when the rollback was applied. */
  readonly fromNs: bigint
  readonly appliedNs: bigint
  readonly untilNs: bigint
}

/**
 * A release that fails now and then serves in between, so its disturbance ends with the last attempt that failed and not with
 * the first that worked. Undefined where no attempt was acknowledged after it: then it has not ended.
 */
export async function disturbance(
  events: AsyncIterable<WorkloadEvent>,
  { fromNs, appliedNs, untilNs }: DisturbanceQuestion,
): Promise<Disturbance | undefined> {
  const begun = new Map<number, bigint>()
  let acknowledged = 0
  let failed = 0
  let firstNs: bigint | undefined
  let restoredNs: bigint | undefined
  for await (const { kind, client, atNs } of events) {
    const ns = BigInt(atNs)
    if (ns < fromNs || ns > untilNs) continue
    if (kind === 'intent') {
      begun.set(client, ns)
    } else if (kind === 'acknowledged') {
      acknowledged += 1
      restoredNs ??= ns
    } else {
      failed += 1
      firstNs ??= begun.get(client) ?? ns
      restoredNs = undefined
    }
  }
  if (restoredNs === undefined) return undefined
  if (firstNs === undefined) return { acknowledged, failed, fromSeconds: 0, toSeconds: 0, sinceAppliedSeconds: 0 }
  return {
    acknowledged,
    failed,
    fromSeconds: secondsBetween(fromNs, firstNs),
    toSeconds: secondsBetween(fromNs, restoredNs),
    sinceAppliedSeconds: Math.max(0, secondsBetween(appliedNs, restoredNs)),
  }
}

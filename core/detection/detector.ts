import type { HealthSignal } from '../ports/health'

/** How long a failure must last before it is declared. From the policy's pace. */
export interface DetectionPace {
  readonly probeEverySeconds: number
  readonly probeTimeoutSeconds: number
  readonly consecutiveFailures: number
}

/** What the detector holds between observations: since when each kind of observer has said `down` without a break. */
export interface Detection {
  readonly downSinceMs: Readonly<Partial<Record<HealthSignal['kind'], number>>>
  readonly failures: number
}

export const QUIET: Detection = { downSinceMs: {}, failures: 0 }

/**
 * Folds one round of signals into the detection. `startedMs` is when the round began, on a monotonic clock, so that
 * the time a probe spends waiting for an answer that never comes counts as downtime.
 */
export function observe(detection: Detection, signals: readonly HealthSignal[], startedMs: number): Detection {
  const downSinceMs: Partial<Record<HealthSignal['kind'], number>> = {}
  for (const { kind, verdict } of signals) {
    if (verdict === 'down') downSinceMs[kind] = detection.downSinceMs[kind] ?? startedMs
  }
  const allDown = signals.length > 0 && signals.every((signal) => signal.verdict === 'down')
  return { downSinceMs, failures: allDown ? detection.failures + 1 : 0 }
}

/**
 * True when at least two independent kinds of observer have said `down`, without a break, for the whole of
 * `consecutiveFailures` probe intervals. A pause shorter than that is never a failure, however many probes it hits.
 */
export function isDeclared(detection: Detection, pace: DetectionPace, nowMs: number): boolean {
  const since = Object.values(detection.downSinceMs)
  const neededMs = pace.probeEverySeconds * pace.consecutiveFailures * 1000
  return since.length >= 2 && detection.failures >= 2 && since.every((ms) => nowMs - ms >= neededMs)
}

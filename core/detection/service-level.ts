import type { HealthSignal } from '../ports/health'

/** How often one place asked the served API in a minute, and how often it was answered well. */
export interface Attempts {
  readonly asked: number
  readonly answered: number
}

/** What one look at the service is worth as numbers for alarms; a number nobody could observe is left out. */
export interface ServiceLevel {
  /** Attempts to be served, so that a window of them averages to the availability. */
  readonly attempts?: Attempts
  /** 1 where the API of the primary region answers nobody, else 0. */
  readonly primaryUnreachable?: number
  /** 1 where the replica hears nothing from the primary, else 0. */
  readonly replicaCutOff?: number
}

/**
 * From how often each place was served and what the two independent observers of the primary say. The place that was served
 * better counts: what only the other one misses went lost on its way there.
 */
export function serviceLevel(served: readonly Attempts[], signals: readonly HealthSignal[]): ServiceLevel {
  const [attempts] = served.toSorted((a, b) => b.answered / b.asked - a.answered / a.asked)
  const downOf = (kind: HealthSignal['kind']) => {
    const verdict = signals.find((signal) => signal.kind === kind)?.verdict ?? 'unknown'
    return verdict === 'unknown' ? undefined : Number(verdict === 'down')
  }
  const primaryUnreachable = downOf('health-checkers')
  const replicaCutOff = downOf('replication-receiver')
  return {
    ...(attempts && { attempts }),
    ...(primaryUnreachable !== undefined && { primaryUnreachable }),
    ...(replicaCutOff !== undefined && { replicaCutOff }),
  }
}

/** One value for each attempt; percent. */
export const percents = ({ asked, answered }: Attempts): number[] =>
  Array.from({ length: asked }, (_, i) => (i < answered ? 100 : 0))

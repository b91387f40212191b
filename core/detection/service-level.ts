import type { HealthSignal } from '../ports/health'

type Verdict = HealthSignal['verdict']

/** What one look at the service is worth as numbers for alarms; a number nobody could observe is left out. */
export interface ServiceLevel {
  /** Whether the served API answers; percent, so that a window of them averages to its availability. */
  readonly availabilityPercent?: number
  /** 1 where the API of the primary region answers nobody, else 0. */
  readonly primaryUnreachable?: number
  /** 1 where the replica hears nothing from the primary, else 0. */
  readonly replicaCutOff?: number
}

/** From what clients are served and what the two independent observers of the primary say. */
export function serviceLevel(served: Verdict, signals: readonly HealthSignal[]): ServiceLevel {
  const downOf = (kind: HealthSignal['kind']) => {
    const verdict = signals.find((signal) => signal.kind === kind)?.verdict ?? 'unknown'
    return verdict === 'unknown' ? undefined : Number(verdict === 'down')
  }
  const primaryUnreachable = downOf('health-checkers')
  const replicaCutOff = downOf('replication-receiver')
  return {
    ...(served !== 'unknown' && { availabilityPercent: served === 'up' ? 100 : 0 }),
    ...(primaryUnreachable !== undefined && { primaryUnreachable }),
    ...(replicaCutOff !== undefined && { replicaCutOff }),
  }
}

import type { HealthSignal } from '../ports/health'

/** What one look at the service is worth as numbers for alarms; a number nobody could observe is left out. */
export interface ServiceLevel {
  /** Whether the served API answers; percent, so that a window of them averages to its availability. */
  readonly availabilityPercent?: number
  /** 1 where the replica hears nothing from the primary, else 0. */
  readonly replicaCutOff?: number
}

export function serviceLevel(signals: readonly HealthSignal[]): ServiceLevel {
  const verdictOf = (kind: HealthSignal['kind']) => signals.find((signal) => signal.kind === kind)?.verdict ?? 'unknown'
  const api = verdictOf('health-checkers')
  const receiver = verdictOf('replication-receiver')
  return {
    ...(api !== 'unknown' && { availabilityPercent: api === 'up' ? 100 : 0 }),
    ...(receiver !== 'unknown' && { replicaCutOff: receiver === 'up' ? 0 : 1 }),
  }
}

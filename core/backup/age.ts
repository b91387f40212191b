import type { Clock } from '../ports/clock'
import { fails } from './checks'
import type { BackupFacts } from './manifest'

export interface AgeLimits {
  /** Absent where any age will do. */
  readonly mostHours?: number
  /** By how much two clocks may differ. */
  readonly skewSeconds: number
}

/**
 * A backup that is too old, or whose age nobody knows: a clock that goes wrong makes a stale copy look fresh. The server's and
 * the backup's own clock vouch for each other, and neither may be ahead of ours.
 */
export function requireAge(facts: BackupFacts, { mostHours, skewSeconds }: AgeLimits, clock: Clock): void {
  const skewMs = skewSeconds * 1000
  const [taken, byServer, now] = [Date.parse(facts.startedAt), Date.parse(facts.origin.at), clock.now().getTime()]
  if (taken > now + skewMs || byServer > now + skewMs)
    throw fails(
      'age',
      'FROM_THE_FUTURE',
      `it was taken at ${facts.startedAt}, which is yet to come; look at the clocks`,
    )
  if (Math.abs(taken - byServer) > skewMs)
    throw fails(
      'age',
      'CLOCKS_DISAGREE',
      `it was begun at ${facts.startedAt}, and the server's clock said ${facts.origin.at}; its age is not known`,
    )
  // By the older of the two: what was not yet there at the snapshot is not in it.
  const hours = (now - Math.min(taken, byServer)) / 3_600_000
  if (mostHours !== undefined && hours > mostHours)
    throw fails('age', 'STALE', `it is ${hours.toFixed(1)} hours old, and may be ${mostHours}`)
}

import type { Serving } from './judges'

/** Whether clients were served, as one look saw it. */
export interface ServingSample {
  readonly at: string
  readonly serving: Serving
}

/** What the looks of a window come to. The three times add up to the window. */
export interface Availability {
  readonly windowSeconds: number
  readonly upSeconds: number
  readonly downSeconds: number
  readonly unknownSeconds: number
  /** Up, of the time that is known; percent. Null where nothing is known. */
  readonly availablePercent: number | null
  /** Up, of the whole window: what is proven however the unknown time went; percent. */
  readonly provenPercent: number
  /**
   * `met` where the proven share reaches the target, `missed` where it would be missed even if all of the unknown time had been
   * up, else `unknown`.
   */
  readonly target: 'met' | 'missed' | 'unknown'
}

export interface AvailabilityWindow {
  readonly from: string
  readonly to: string
  /** Longest time between two looks of which they tell anything; minutes. */
  readonly reachMinutes: number
  readonly targetPercent: number
}

/**
 * Availability by the looks at a platform, each interval between two of them weighted by its length. An interval is up where both
 * of its ends were, down where one of them was, and unknown otherwise, where the looks are farther apart than they reach, and
 * before the first and after the last one: a gap never counts as up.
 */
export function availabilityOf(
  samples: readonly ServingSample[],
  { from, to, reachMinutes, targetPercent }: AvailabilityWindow,
): Availability {
  const [start, end] = [Date.parse(from), Date.parse(to)]
  const windowMs = Math.max(0, end - start)
  const looks = samples
    .map(({ at, serving }) => ({ atMs: Date.parse(at), serving }))
    .toSorted((a, b) => a.atMs - b.atMs)
  const spent = { up: 0, down: 0, unknown: 0 }
  for (const [position, { atMs, serving }] of looks.entries()) {
    const next = looks[position + 1]
    if (!next || next.atMs - atMs > reachMinutes * 60_000) continue
    const within = Math.min(next.atMs, end) - Math.max(atMs, start)
    if (within > 0) spent[between(serving, next.serving)] += within
  }
  const { up, down } = spent
  const proven = windowMs === 0 ? 0 : percent(up, windowMs)
  const atBest = windowMs === 0 ? 100 : percent(windowMs - down, windowMs)
  return {
    windowSeconds: windowMs / 1000,
    upSeconds: up / 1000,
    downSeconds: down / 1000,
    unknownSeconds: (windowMs - up - down) / 1000,
    availablePercent: up + down === 0 ? null : percent(up, up + down),
    provenPercent: proven,
    target: proven >= targetPercent ? 'met' : atBest < targetPercent ? 'missed' : 'unknown',
  }
}

const percent = (share: number, of: number): number => (100 * share) / of

function between(one: Serving, other: Serving): Serving {
  if (one === 'down' || other === 'down') return 'down'
  return one === 'up' && other === 'up' ? 'up' : 'unknown'
}

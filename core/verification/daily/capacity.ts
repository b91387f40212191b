import type { StorageUse } from '../../ports/storage-use'
import type { Expectations } from './expectations'
import type { DailyFacts } from './facts'
import { found, type Found, type Judge } from './judge'
import { dayOf, type VaultTally } from './tally'

const GIGABYTE = 1024 ** 3
const DAY_MS = 86_400_000

type Limits = Expectations['capacity']

/** Storage, quota and budget last for longer than it takes to change them, at the growth that was measured. */
export const capacity: Judge = (facts, { capacity: limits, writer, locks }) => {
  const vaults = locks.map(({ vault }) => ({ vault, seen: facts.points[vault] }))
  const tallies = vaults.flatMap(({ vault, seen }) => (seen?.seen ? [{ vault, tally: seen.value }] : []))
  const unseen = vaults.flatMap(({ seen }) => (seen?.seen ? [] : [seen?.code ?? 'NOT_LOOKED_AT']))
  const storage = writer ? storageOf(facts, writer.instance, limits) : { found: [], unseen: [], looked: 0 }
  const spent = daysUntil(
    tallies.map(({ tally }) => tally),
    'bytes',
    limits.recoveryPointGigabytes * GIGABYTE,
    facts,
    limits,
  )
  return {
    looked: tallies.length + storage.looked,
    found: [
      ...storage.found,
      ...tallies.flatMap(({ vault, tally }) => {
        const days = daysUntil([tally], 'points', limits.recoveryPointsPerVault, facts, limits)
        return days === undefined ? [] : [found('quota-used-soon', vault, { days, within: limits.fullWithinDays })]
      }),
      ...(spent === undefined
        ? []
        : [found('budget-used-soon', 'recovery-points', { days: spent, within: limits.fullWithinDays })]),
    ],
    unseen: [...new Set([...unseen, ...storage.unseen])],
  }
}

function storageOf({ storage, at }: DailyFacts, instance: string, limits: Limits) {
  if (!storage.seen) return { found: [], unseen: [storage.code], looked: 0 }
  if (!storage.value || storage.value.history.length === 0) return { found: [], unseen: ['NOT_MEASURED'], looked: 0 }
  const days = daysUntilFull(storage.value, at)
  const soon: Found[] =
    days !== undefined && days <= limits.fullWithinDays
      ? [found('storage-full-soon', instance, { days, within: limits.fullWithinDays })]
      : []
  return { found: soon, unseen: [], looked: 1 }
}

/** Whole days until the storage is full at the growth of the straight line that fits best; undefined where it does not grow. */
export function daysUntilFull({ allocatedBytes, history }: StorageUse, at: string): number | undefined {
  const used = history.at(-1)!.bytes
  if (used >= allocatedBytes) return 0
  const growth = growthPerDay(history.map(({ at: when, bytes }) => ({ day: Date.parse(when) / DAY_MS, bytes })))
  if (growth <= 0) return undefined
  const since = (Date.parse(at) - Date.parse(history.at(-1)!.at)) / DAY_MS
  return Math.max(0, Math.floor((allocatedBytes - used) / growth - since))
}

/** Slope of the least-squares line; bytes in a day. Nothing grows by one measurement. */
function growthPerDay(points: readonly { readonly day: number; readonly bytes: number }[]): number {
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [day, bytes] = [mean((point) => point.day), mean((point) => point.bytes)]
  const spread = points.reduce((sum, point) => sum + (point.day - day) ** 2, 0)
  if (spread === 0) return 0
  return points.reduce((sum, point) => sum + (point.day - day) * (point.bytes - bytes), 0) / spread
}

/**
 * Days until what the vaults hold comes to a limit, within the days that matter; undefined where it does not. What is there
 * goes on the day that its lifecycle says; what comes is what came on an average day lately. Nothing that comes has gone
 * again by then, since everything is kept for longer.
 */
function daysUntil(
  tallies: readonly VaultTally[],
  what: 'points' | 'bytes',
  limit: number,
  { at }: DailyFacts,
  { lookBackDays, fullWithinDays }: Limits,
): number | undefined {
  const today = dayOf(at)
  const total = tallies.reduce((sum, tally) => sum + tally[what], 0)
  const sum = (of: (tally: VaultTally) => VaultTally['made'], wanted: (day: number) => boolean) =>
    tallies
      .flatMap((tally) => Object.entries(of(tally)))
      .reduce((all, [day, one]) => (wanted(Number(day)) ? all + one[what] : all), 0)
  const comesDaily =
    sum(
      ({ made }) => made,
      (day) => day > today - lookBackDays,
    ) / lookBackDays
  for (let days = 0; days <= fullWithinDays; days += 1) {
    const gone = sum(
      ({ ends }) => ends,
      (day) => day <= today + days,
    )
    if (total - gone + comesDaily * days >= limit) return days
  }
  return undefined
}

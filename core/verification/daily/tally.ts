import type { HeldUnder, RecoveryPoint } from '../../ports/recovery-points'

const DAY_MS = 86_400_000
/** Different values that are told apart; of a vault in which somebody does whatever he likes, the rest is only counted. */
const MOST_VALUES = 50
/** Names of what nobody expected, kept so that a person can look. */
const MOST_STRANGERS = 20
/** A service ends a recovery point some time in the hours after its time. */
const END_TOLERANCE_MS = DAY_MS

/** A count, and one of those counted. */
export interface Counted {
  count: number
  example: string
}

/** What is kept of the recovery points of one thing in one vault: as much for a million as for one. */
export interface Tally {
  completed: number
  running: number
  partial: Counted
  /** Gone, or going, before the end that was set for it. */
  lostEarly: Counted
  /** Still there, with an end before that of its lifecycle. */
  endsEarly: Counted
  cold: Counted
  newestAt?: string
  /** Completed ones by whose key encrypts them. */
  keys: Partial<Record<HeldUnder, Counted>>
  /** Completed ones by how long they are kept; days, or `for-ever`. */
  kept: Record<string, Counted>
  /** Days since 1970 on which one was completed: at most as many as a retention has. */
  days: number[]
}

/** What is kept of a whole vault. */
export interface VaultTally {
  points: number
  bytes: number
  /** What ends on a day, by the days since 1970; without an end: `never`. */
  ends: Record<string, { points: number; bytes: number }>
  /** What was made on a day. */
  made: Record<string, { points: number; bytes: number }>
  of: Record<string, Tally>
  strangers: { count: number; names: string[] }
}

export const emptyVault = (resources: readonly string[]): VaultTally => ({
  points: 0,
  bytes: 0,
  ends: {},
  made: {},
  of: Object.fromEntries(resources.map((resource) => [resource, emptyTally()])),
  strangers: { count: 0, names: [] },
})

const none = (): Counted => ({ count: 0, example: '' })

const emptyTally = (): Tally => ({
  completed: 0,
  running: 0,
  partial: none(),
  lostEarly: none(),
  endsEarly: none(),
  cold: none(),
  keys: {},
  kept: {},
  days: [],
})

/** Adds one recovery point; the tally is changed, since a copy for each of a million would be the memory that is saved here. */
export function add(vault: VaultTally, point: RecoveryPoint, now: Date): void {
  const tally = vault.of[point.resource]
  if (!tally) addStranger(vault, point.resource)
  addVolume(vault, point)
  if (tally) addTo(tally, point, now)
}

function addStranger({ strangers }: VaultTally, name: string): void {
  strangers.count += 1
  if (strangers.names.length < MOST_STRANGERS && !strangers.names.includes(name)) strangers.names.push(name)
}

function addVolume(vault: VaultTally, { bytes, endsAt, createdAt }: RecoveryPoint): void {
  vault.points += 1
  vault.bytes += bytes
  for (const [days, day] of [
    [vault.ends, endsAt === undefined ? 'never' : String(dayOf(endsAt))],
    [vault.made, String(dayOf(createdAt))],
  ] as const) {
    const sum = (days[day] ??= { points: 0, bytes: 0 })
    sum.points += 1
    sum.bytes += bytes
  }
}

function addTo(tally: Tally, point: RecoveryPoint, now: Date): void {
  const endIsSetFor =
    point.keptDays === undefined ? Infinity : Date.parse(point.createdAt) + point.keptDays * DAY_MS - END_TOLERANCE_MS
  if (point.state === 'lost') {
    if (now.getTime() < endIsSetFor) count(tally.lostEarly, point.id)
    return
  }
  if (point.state === 'running') {
    tally.running += 1
    return
  }
  if (point.state === 'partial') {
    count(tally.partial, point.id)
    return
  }
  tally.completed += 1
  const completedAt = point.completedAt ?? point.createdAt
  if (tally.newestAt === undefined || completedAt > tally.newestAt) tally.newestAt = completedAt
  if (point.endsAt !== undefined && Date.parse(point.endsAt) < endIsSetFor) count(tally.endsEarly, point.id)
  if (point.coldAfterDays !== undefined) count(tally.cold, point.id)
  count((tally.keys[point.key] ??= none()), point.id)
  const kept = String(point.keptDays ?? 'for-ever')
  const known = kept in tally.kept || Object.keys(tally.kept).length < MOST_VALUES
  count((tally.kept[known ? kept : 'other'] ??= none()), point.id)
  const day = dayOf(completedAt)
  if (!tally.days.includes(day)) tally.days.push(day)
}

function count(counted: Counted, id: string): void {
  counted.count += 1
  // The first one found; which of them is all the same to whoever looks.
  counted.example ||= id
}

/** Days since 1970, UTC. */
export const dayOf = (at: string | Date): number => Math.floor(new Date(at).getTime() / DAY_MS)

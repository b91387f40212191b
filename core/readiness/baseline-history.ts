import { isJsonObject, type Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import type { HeldBaseline } from './ports'

/** What the keys of former baselines begin with; each is written over once a round of them is full. */
export const BASELINE_HISTORY_PREFIX = 'content-baselines'

const DAY_MS = 86_400_000

/** Keeps a baseline beside the newest one, for copies of older moments: as many as days are kept, one for each. */
export async function keepBaseline(store: ConditionalStore, baseline: HeldBaseline, keptDays: number): Promise<void> {
  const slot = Math.floor(Date.parse(baseline.recordedAt) / DAY_MS) % keptDays
  const key = `${BASELINE_HISTORY_PREFIX}/${String(slot).padStart(4, '0')}`
  const held = await store.get(key)
  const value = { ...baseline }
  // Whoever was quicker kept as good a one.
  await (held ? store.replace(key, value, held.version) : store.create(key, value))
}

/** A baseline is taken by one pass over the tables, which lasts no longer than a function may; then it is surely older. */
const LONGEST_PASS_MS = 900_000

/**
 * The newest baseline that was whole before a moment: what it covers has to be in every copy of that moment as it was, since
 * nothing happens to such rows. Undefined where none is that old.
 */
export async function baselineBefore(store: ConditionalStore, moment: string): Promise<Json | undefined> {
  const latest = Date.parse(moment) - LONGEST_PASS_MS
  let found: HeldBaseline | undefined
  for await (const { value } of store.list(`${BASELINE_HISTORY_PREFIX}/`)) {
    if (!isBaseline(value) || Date.parse(value.recordedAt) > latest) continue
    if (!found || Date.parse(value.recordedAt) > Date.parse(found.recordedAt)) found = value
  }
  return found?.tables
}

const isBaseline = (value: Json): value is { recordedAt: string; tables: Json } =>
  isJsonObject(value) && typeof value['recordedAt'] === 'string' && value['tables'] !== undefined

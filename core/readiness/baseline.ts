import { isJsonObject, type Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import type { TakenBaseline } from './ports'

/** Key of the content baseline in the coordination store of the recovery region. */
export const BASELINE_KEY = 'content-baseline'

interface Baseline {
  readonly recordedAt: string
  readonly tables: Json
}

/** Fingerprints as they were recorded last; undefined before the first time. */
export async function readBaseline(store: ConditionalStore): Promise<Json | undefined> {
  return (await read(store))?.value.tables
}

/** What became of the baseline; `differing` where one was held and compared. */
export interface Refreshed {
  readonly outcome: 'recorded' | 'fresh' | 'differs'
  readonly differing?: readonly string[]
}

/**
 * Records new fingerprints once the last ones are as old as said. Never over content that is no longer what it was: the
 * baseline is what tells so, and is compared again at each later attempt until somebody has decided.
 */
export async function refreshBaseline(
  store: ConditionalStore,
  now: Date,
  maxAgeHours: number,
  take: (held: Json | undefined) => Promise<TakenBaseline>,
): Promise<Refreshed> {
  const held = await read(store)
  if (held && now.getTime() - Date.parse(held.value.recordedAt) < maxAgeHours * 3_600_000) return { outcome: 'fresh' }
  const { tables, differing } = await take(held?.value.tables)
  const compared = differing && { differing }
  if (differing && differing.length > 0) return { outcome: 'differs', differing }
  const value = { recordedAt: now.toISOString(), tables }
  // Whoever was quicker recorded as good a baseline.
  await (held ? store.replace(BASELINE_KEY, value, held.version) : store.create(BASELINE_KEY, value))
  return { outcome: 'recorded', ...compared }
}

async function read(store: ConditionalStore): Promise<{ value: Baseline; version: string } | undefined> {
  const stored = await store.get(BASELINE_KEY)
  // What is no baseline is recorded anew.
  const value = stored && isBaseline(stored.value) ? stored.value : { recordedAt: LONG_AGO, tables: [] }
  return stored && { value, version: stored.version }
}

const LONG_AGO = '1970-01-01T00:00:00.000Z'

function isBaseline(value: Json): value is { recordedAt: string; tables: Json } {
  return isJsonObject(value) && typeof value['recordedAt'] === 'string' && value['tables'] !== undefined
}

import { isJsonObject, type Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'

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

/** Records new fingerprints once the last ones are as old as said. Gives whether it did. */
export async function refreshBaseline(
  store: ConditionalStore,
  now: Date,
  maxAgeHours: number,
  fingerprints: () => Promise<Json>,
): Promise<boolean> {
  const held = await read(store)
  if (held && now.getTime() - Date.parse(held.value.recordedAt) < maxAgeHours * 3_600_000) return false
  const value = { recordedAt: now.toISOString(), tables: await fingerprints() }
  // Whoever was quicker recorded as good a baseline.
  await (held ? store.replace(BASELINE_KEY, value, held.version) : store.create(BASELINE_KEY, value))
  return true
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

import { isJsonObject, type Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import type { RestoreTarget } from '../ports/restore'
import type { HeldBaseline, TakenBaseline } from './ports'

/** Key of the content baseline in the coordination store of the recovery region. */
export const BASELINE_KEY = 'content-baseline'

/** Fingerprints as they were recorded last; undefined before the first time. */
export async function readBaseline(store: ConditionalStore): Promise<Json | undefined> {
  return (await read(store))?.value.tables
}

/** The newest baseline and when it was recorded; undefined before the first time. */
export const heldBaseline = async (store: ConditionalStore): Promise<HeldBaseline | undefined> =>
  (await read(store))?.value

/** What became of the baseline; `differing` where one was held and compared. */
export interface Refreshed {
  readonly outcome: 'recorded' | 'fresh' | 'differs'
  readonly differing?: readonly string[]
  /** What was found out about content that differs: where it was good last, and whether its pages are damaged. */
  readonly corruption?: Corruption
}

export interface Corruption {
  readonly damage: 'page' | 'content'
  readonly lastGood: Extract<RestoreTarget, { kind: 'time' | 'transaction' }>
}

/**
 * Records new fingerprints once the last ones are as old as said. Never over content that is no longer what it was: the
 * baseline is what tells so, and is compared again at each later attempt until somebody has decided.
 */
export async function refreshBaseline(
  store: ConditionalStore,
  now: Date,
  maxAgeHours: number,
  take: (held: HeldBaseline | undefined) => Promise<TakenBaseline>,
): Promise<Refreshed> {
  const held = await read(store)
  if (held && now.getTime() - Date.parse(held.value.recordedAt) < maxAgeHours * 3_600_000) return { outcome: 'fresh' }
  const { tables, differing, ...found } = await take(held?.value)
  const compared = differing && { differing }
  if (held && differing && differing.length > 0)
    return { outcome: 'differs', differing, corruption: corruptionOf(held.value, found) }
  const value = { recordedAt: now.toISOString(), tables }
  // Whoever was quicker recorded as good a baseline.
  await (held ? store.replace(BASELINE_KEY, value, held.version) : store.create(BASELINE_KEY, value))
  return { outcome: 'recorded', ...compared }
}

/** The first rewrite is the moment before which all was well; where nothing tells of one, the baseline is from when it was. */
const corruptionOf = (
  { recordedAt }: HeldBaseline,
  { damaged = [], rewrittenBy }: Pick<TakenBaseline, 'damaged' | 'rewrittenBy'>,
): Corruption => ({
  damage: damaged.length > 0 ? 'page' : 'content',
  lastGood: rewrittenBy === undefined ? { kind: 'time', at: recordedAt } : { kind: 'transaction', id: rewrittenBy },
})

async function read(store: ConditionalStore): Promise<{ value: HeldBaseline; version: string } | undefined> {
  const stored = await store.get(BASELINE_KEY)
  // What is no baseline is recorded anew.
  const value = stored && isBaseline(stored.value) ? stored.value : { recordedAt: LONG_AGO, tables: [] }
  return stored && { value, version: stored.version }
}

const LONG_AGO = '1970-01-01T00:00:00.000Z'

function isBaseline(value: Json): value is { recordedAt: string; tables: Json } {
  return isJsonObject(value) && typeof value['recordedAt'] === 'string' && value['tables'] !== undefined
}

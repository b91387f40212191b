import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import type { InstanceRef } from '../ports/database'
import { isPortError } from '../ports/errors'

/** Who may write: a number that only grows, and the database that holds it. */
export interface WriterEpoch {
  readonly epoch: number
  /** Region of that database. */
  readonly holder: string
  /** Its name, since two databases of one region never both may write. @default the only one that its region has */
  readonly instance?: string
  /** Key of the run that raised it, so that the same run recognises its own raise. */
  readonly raisedBy: string
  /**
   * Oldest epoch that this one carries on: a database that was granted it, or a later one, has met no other writer
   * since. Its own number, unless the right to write was handed back before anybody else used it.
   */
  readonly continues: number
  /** What the primary region's epoch carries on if this claim is handed back unused; only on a claim. */
  readonly handsBack?: number
}

/** What raising the epoch in one place came to. */
export type RaiseOutcome = 'raised' | 'already-ours' | 'conflict' | 'unreachable'

export const EPOCH_KEY = 'writer-epoch'

/** The highest of the epochs; undefined where there is none. */
export const newestEpoch = (held: readonly (WriterEpoch | undefined)[]): WriterEpoch | undefined =>
  held.reduce((best, next) => (next && next.epoch > (best?.epoch ?? 0) ? next : best), undefined)

/** Whether the right to write is that database's. */
export const isHeldBy = ({ holder, instance }: WriterEpoch, ref: InstanceRef): boolean =>
  holder === ref.region && (instance === undefined || instance === ref.instance)

export async function readEpoch(store: ConditionalStore): Promise<WriterEpoch | undefined> {
  return (await store.get(EPOCH_KEY))?.value as unknown as WriterEpoch | undefined
}

/**
 * Raises the epoch in one place by compare-and-set. A place that already holds this run's raise counts as raised; one
 * that holds an equal or higher epoch of somebody else is a conflict; one that does not answer is unreachable.
 */
export async function raiseEpoch(store: ConditionalStore, wanted: WriterEpoch): Promise<RaiseOutcome> {
  try {
    const stored = await store.get(EPOCH_KEY)
    const held = stored?.value as unknown as WriterEpoch | undefined
    if (held?.raisedBy === wanted.raisedBy && held.epoch === wanted.epoch) return 'already-ours'
    if (held && held.epoch >= wanted.epoch) return 'conflict'
    const value = { ...wanted } as unknown as Json
    const written = stored
      ? await store.replace(EPOCH_KEY, value, stored.version)
      : await store.create(EPOCH_KEY, value)
    return written === 'created' || written === 'replaced' ? 'raised' : 'conflict'
  } catch (error) {
    if (isPortError(error) && (error.failure === 'unreachable' || error.failure === 'throttled')) return 'unreachable'
    throw error
  }
}

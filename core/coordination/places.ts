import type { ConditionalStore } from '../ports/conditional-store'
import { isPortError } from '../ports/errors'

/** The two stores that hold what must be known while a region is dark. */
export interface Places {
  readonly recovery: ConditionalStore
  readonly witness: ConditionalStore
}

/** Asks the recovery region's store, and the witness's where that one does not answer. For what may lie in either. */
export async function inEither<T>(places: Places, call: (store: ConditionalStore) => Promise<T>): Promise<T> {
  try {
    return await call(places.recovery)
  } catch (error) {
    if (!isAway(error)) throw error
    return call(places.witness)
  }
}

/** Asks both stores and gives the answers of those that answer. Throws the first failure where neither does. */
export async function inBoth<T>(places: Places, call: (store: ConditionalStore) => Promise<T>): Promise<T[]> {
  const asked = await Promise.allSettled([call(places.recovery), call(places.witness)])
  const failures = asked.flatMap((answer): unknown[] => (answer.status === 'rejected' ? [answer.reason] : []))
  const [serious] = failures.filter((reason) => !isAway(reason))
  if (serious !== undefined || failures.length === asked.length) throw serious ?? failures[0]
  return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
}

const isAway = (error: unknown): boolean =>
  isPortError(error) && (error.failure === 'unreachable' || error.failure === 'throttled')

import type { ConditionalStore } from '../../core/ports/conditional-store'

interface SwitchObject {
  readonly region: string
  readonly instance?: string
  readonly epoch: number
}

/**
 * Database the served name stands for, as the failover records decide it. It moves only when both places say the same,
 * and what was read once stays: a place that is lost, or lags behind, never hands traffic back to a stale primary.
 */
export function servedDatabase(
  places: readonly [ConditionalStore, ConditionalStore],
  key: string,
  initial: string,
): () => Promise<SwitchObject> {
  let current: SwitchObject = { region: initial, epoch: 0 }
  return async () => {
    const [one, other] = await Promise.all(places.map((place) => read(place, key)))
    const agreed =
      one && other && one.region === other.region && one.instance === other.instance && one.epoch === other.epoch
    if (agreed && one.epoch >= current.epoch) current = one
    return current
  }
}

async function read(store: ConditionalStore, key: string): Promise<SwitchObject | undefined> {
  try {
    return (await store.get(key))?.value as unknown as SwitchObject | undefined
  } catch {
    return undefined // a place that cannot be read says nothing
  }
}

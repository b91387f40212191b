import type { ConditionalStore } from '../ports/conditional-store'
import type { InstanceRef } from '../ports/database'
import { PortError } from '../ports/errors'
import type { Places } from './places'
import { EPOCH_KEY, newestEpoch, readEpoch, type WriterEpoch } from './writer-epoch'

/** What the first start found: nothing and so began, one place without the epoch and so completed it, or all there. */
export type CoordinationStart = 'begun' | 'completed' | 'there'

/**
 * Makes sure that both places hold a writer epoch. The first epoch belongs to `home`, the first writer, by its name: a copy
 * that stands beside it one day shares its region, and not its right. A place that lost its epoch is given the one of the
 * other place. Where both are empty, only the first start ever (`hasBegun` false) may begin: an epoch 1 that came back after
 * a failover would let an old primary write again.
 * Throws PortError('unreachable') where a place does not answer, PortError('conflict') where both lost what they held.
 */
export async function startCoordination(
  places: Places,
  home: InstanceRef,
  hasBegun: () => Promise<boolean>,
): Promise<{ readonly start: CoordinationStart; readonly epoch: WriterEpoch }> {
  const stores = [places.recovery, places.witness]
  const held = await Promise.all(stores.map((store) => readEpoch(store)))
  const newest = newestEpoch(held)
  if (!newest && (await hasBegun()))
    throw new PortError(
      'conflict',
      'COORDINATION_LOST',
      'neither place holds the writer epoch, and it once did; find out who writes before anything is restored',
    )
  const epoch = newest ?? {
    epoch: 1,
    holder: home.region,
    instance: home.instance,
    raisedBy: 'first-start',
    continues: 1,
  }
  const empty = stores.filter((_, at) => !held[at])
  for (const store of empty) await create(store, epoch)
  if (!newest) return { start: 'begun', epoch }
  return { start: empty.length > 0 ? 'completed' : 'there', epoch }
}

/** Somebody who was quicker, with the same first epoch or a claim since, is right. */
async function create(store: ConditionalStore, epoch: WriterEpoch): Promise<void> {
  await store.create(EPOCH_KEY, { ...epoch })
}

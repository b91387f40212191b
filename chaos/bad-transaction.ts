import { PRIMARY, type MemoryWorld } from '../adapters/memory/world'
import type { Sides } from './arena'

/** The copy to be made beside the database whose data is wrong. */
export const COPY = { region: PRIMARY.region, instance: 'clinic-g3' }
/** After it, the data is wrong. */
export const BAD_TRANSACTION = '4711'

/** A transaction an hour ago is why somebody wants the data as it was before. */
export async function withBadTransaction(world: MemoryWorld): Promise<Sides> {
  world.moments.set(BAD_TRANSACTION, new Date(world.clock.now().getTime() - 3_600_000).toISOString())
  return { writer: PRIMARY, successor: COPY }
}

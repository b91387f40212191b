import { isHeldBy, readEpoch } from '../../coordination/writer-epoch'
import type { Policy } from '../../policy'
import { compareCatalogs } from '../../integrity/compare-catalogs'
import { comparePieces, type FollowedPair, type PiecesCompared } from '../../integrity/compare-pieces'
import type { LookPace } from '../../integrity/recheck'
import type { InstanceRef } from '../../ports/database'
import { isPortError } from '../../ports/errors'
import { batchesOf, type ComparedBatch } from './plan'
import { settleComparison, type SettledComparison, type SettlingWorld } from './settle'

export interface ComparisonWorld extends SettlingWorld {
  readonly policy: Pick<Policy, 'fingerprint'>
  readonly pair: FollowedPair
  readonly source: InstanceRef
  readonly replica: InstanceRef
}

/** What one call compares: some parts of tables, or the catalog. */
export type ComparisonItem = { readonly parts: ComparedBatch } | { readonly catalog: true }
export type ComparedItem = PiecesCompared & { readonly compared: number }

/**
 * What has to be compared, as calls that may run side by side and in any order. None where another database writes than the
 * declared one: then the two no longer follow each other, and a difference says nothing.
 */
export async function planComparison(world: ComparisonWorld): Promise<readonly ComparisonItem[]> {
  const epoch = await readEpoch(world.examinations)
  if (epoch && !isHeldBy(epoch, world.source)) return []
  const { pace, pieceSecondsAtMost } = world.policy.fingerprint
  const batches = batchesOf(await world.pair.source.sizes(), {
    megabytesPerSecond: pace.megabytesPerSecond,
    pieceSecondsAtMost,
  })
  return [{ catalog: true }, ...batches.map((parts) => ({ parts }))]
}

/** Compares what one call is about. Whoever cannot be asked is neither the same nor different. */
export async function compareItem(world: ComparisonWorld, item: ComparisonItem): Promise<ComparedItem> {
  const { looks, pauseSeconds } = world.policy.fingerprint.replica
  const pace: LookPace = { looks, pause: () => world.clock.sleep(pauseSeconds * 1000) }
  const nothingDamaged = { source: [], replica: [] }
  try {
    if ('catalog' in item)
      return { findings: await compareCatalogs(world.pair, pace), damaged: nothingDamaged, compared: 1 }
    return { ...(await comparePieces(world.pair, item.parts, pace)), compared: item.parts.length }
  } catch (error) {
    if (!isPortError(error)) throw error
    const code = error.code === 'REPLICA_BEHIND' ? 'REPLICA_BEHIND' : 'NOT_ANSWERED'
    const object = 'catalog' in item ? 'catalog' : [...new Set(item.parts.map(({ table }) => table))].join()
    return {
      findings: [{ code, object, verdict: 'inconclusive', detail: error.code }],
      damaged: nothingDamaged,
      compared: 0,
    }
  }
}

/** The end of a comparison; `not-the-writer` where there was nothing to compare. */
export async function endComparison(
  world: ComparisonWorld,
  {
    run,
    startedAt,
    items,
  }: { readonly run: string; readonly startedAt: string; readonly items: readonly ComparedItem[] },
): Promise<SettledComparison | 'not-the-writer'> {
  if (items.length === 0) return 'not-the-writer'
  const { source, replica } = world
  return settleComparison(world, { run, startedAt, source, replica, parts: items })
}

import { recordedSince } from '../adapters/postgres/later-writes'
import type { AttemptId } from '../adapters/postgres/loss'
import { readIds } from './logs'
import type { Observation } from './observation'
import type { Stage } from './stage'

const BATCH = 5000

/**
 * Lost writes that the old database did not commit at or after the target, or that the list the runbook made is too short
 * to hold: what nobody would enter again.
 */
export async function unlisted(
  { world }: Pick<Stage, 'world'>,
  since: string | undefined,
  { counted }: Pick<Observation, 'counted'>,
  list: unknown,
): Promise<number | undefined> {
  const lost = counted?.artefacts.find(({ name }) => name === 'lost.jsonl')
  if (since === undefined || !counted || !lost) return undefined
  const listed = (list as { tables?: Readonly<Record<string, number>> } | undefined)?.tables?.['clinic.records'] ?? 0
  return world.withInstance(world.primary, async (client) => {
    let onList = 0
    let batch: AttemptId[] = []
    const ids = readIds(lost.path)
    while ((batch = await nextIds(ids, BATCH)).length > 0) onList += await recordedSince(client, batch, since)
    return Math.max(counted.loss.lost - onList, onList - listed)
  })
}

/** Of rows that were deleted after the target, how many the list that a run made does not hold; undefined where it made none. */
export function unlistedDeletions(deleted: number, list: unknown): number | undefined {
  const { deletedRows } = (list ?? {}) as { readonly deletedRows?: number }
  return deletedRows === undefined ? undefined : Math.max(0, deleted - deletedRows)
}

async function nextIds(from: AsyncGenerator<AttemptId>, most: number): Promise<AttemptId[]> {
  const ids: AttemptId[] = []
  while (ids.length < most) {
    const { done, value } = await from.next()
    if (done) break
    ids.push(value)
  }
  return ids
}

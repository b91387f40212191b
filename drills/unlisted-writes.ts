import { join } from 'node:path'
import { recordedSince } from '../adapters/postgres/later-writes'
import type { AttemptId } from '../adapters/postgres/loss'
import { readIds, readLaterWrites } from './logs'
import type { Observation } from './observation'
import type { Stage } from './stage'

const BATCH = 5000

/**
 * Lost writes that the old database did not commit at or after the target, or that the list the runbook made is too short
 * to hold: what nobody would enter again.
 */
export async function unlisted(
  { world, size }: Pick<Stage, 'world'> & { readonly size: Pick<Stage['size'], 'folder'> },
  since: string | undefined,
  { counted }: Pick<Observation, 'counted'>,
  list: unknown,
): Promise<number | undefined> {
  const lost = counted?.artefacts.find(({ name }) => name === 'lost.jsonl')
  if (since === undefined || !counted || !lost) return undefined
  const listed = await rowsListed(join(size.folder, 'reports'), list)
  return world.withInstance(world.primary, async (client) => {
    let onList = 0
    let batch: AttemptId[] = []
    const ids = readIds(lost.path)
    while ((batch = await nextIds(ids, BATCH)).length > 0) onList += await recordedSince(client, batch, since)
    return Math.max(counted.loss.lost - onList, onList - listed)
  })
}

/** Rows of the workload's table that the list holds; none where the run made no list. */
async function rowsListed(folder: string, list: unknown): Promise<number> {
  const { artefact } = (list ?? {}) as { readonly artefact?: { readonly name: string } }
  let rows = 0
  if (artefact)
    for await (const { table, deleted } of readLaterWrites(join(folder, artefact.name)))
      if (table === 'clinic.records' && !deleted) rows += 1
  return rows
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

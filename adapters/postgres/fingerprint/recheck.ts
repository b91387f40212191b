import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { judgeRow, type Look, type Seen } from '../../../core/integrity/recheck'
import { endOfLog, replayed, underWay } from './replica'
import { PINNED } from './settings'

/** Things that differ between a source and its replica, looked at together: rows of one table, or objects of the catalog. */
export interface Suspects {
  readonly ids: readonly string[]
  /** Reads those of them that are there. */
  readonly read: (client: Client, ids: readonly string[]) => Promise<ReadonlyMap<string, Seen>>
}

export interface RecheckPace {
  /** How often they are looked at before they are left undecided. */
  readonly looks: number
  readonly pauseMs: number
  /** Longest wait for the replica at each look. */
  readonly replicaWaitMs: number
}

/** What became of each suspect; one that is in neither list is the same on both sides. */
export interface Rechecked {
  readonly differing: readonly string[]
  readonly moving: readonly string[]
}

/**
 * Looks at the source, at its replica once that has replayed what the source had, and at the source again, until it is known of
 * each suspect whether it differs or only moved in between.
 */
export async function recheck(
  source: Client,
  copy: Client,
  { ids, read }: Suspects,
  { looks, pauseMs, replicaWaitMs }: RecheckPace,
): Promise<Rechecked> {
  const history = new Map<string, Look[]>(ids.map((id) => [id, []]))
  const differing: string[] = []
  let began: bigint | undefined
  for (let look = 0; look < looks && history.size > 0; look++) {
    if (look > 0) await sleep(pauseMs)
    const left = [...history.keys()]
    const { oldest } = await underWay(source)
    const settled = began !== undefined && oldest >= began
    const before = await atPresent(source, (client) => read(client, left))
    if (!(await replayed(copy, await endOfLog(source), replicaWaitMs))) break
    const there = await atPresent(copy, (client) => read(client, left))
    const after = await atPresent(source, (client) => read(client, left))
    began = (await underWay(source)).next
    for (const id of left) {
      const seen = history.get(id)!
      seen.push({ before: before.get(id), copy: there.get(id), after: after.get(id), settled })
      const judged = judgeRow(seen)
      if (judged === 'moving') continue
      history.delete(id)
      if (judged === 'differs') differing.push(id)
    }
  }
  return { differing, moving: [...history.keys()] }
}

/** Reads the present, which is another one with each statement's own snapshot. */
export async function atPresent<T>(client: Client, work: (client: Client) => Promise<T>): Promise<T> {
  await client.query(`begin read only; ${PINNED}`)
  try {
    return await work(client)
  } finally {
    await client.query('rollback')
  }
}

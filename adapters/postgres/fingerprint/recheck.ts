import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { recheckSides, type Present, type Rechecked, type SourceLook } from '../../../core/integrity/recheck'
import { endOfLog, replayed, underWay } from './replica'
import { PINNED } from './settings'

/** Things that differ between a source and its replica, looked at together: rows of one table, or objects of the catalog. */
export interface Suspects {
  readonly ids: readonly string[]
  /** Reads those of them that are there. */
  readonly read: (client: Client, ids: readonly string[]) => Promise<Present>
}

export interface RecheckPace {
  /** How often they are looked at before they are left undecided. */
  readonly looks: number
  readonly pauseMs: number
  /** Longest wait for the replica at each look. */
  readonly replicaWaitMs: number
}

/** Whether each suspect differs or only moves, by sessions with both sides. */
export const recheck = (
  source: Client,
  copy: Client,
  { ids, read }: Suspects,
  { looks, pauseMs, replicaWaitMs }: RecheckPace,
): Promise<Rechecked> =>
  recheckSides(
    {
      source: (left) => lookAt(source, (client) => read(client, left)),
      copy: async (left, position) =>
        (await replayed(copy, position, replicaWaitMs)) ? atPresent(copy, (client) => read(client, left)) : undefined,
    },
    ids,
    { looks, pause: () => sleep(pauseMs) },
  )

/** One look at a source: what is there, between the transactions under way before it and those after it. */
export async function lookAt(client: Client, read: (client: Client) => Promise<Present>): Promise<SourceLook> {
  const { oldest } = await underWay(client)
  const present = await atPresent(client, read)
  const position = await endOfLog(client)
  const { next } = await underWay(client)
  return { present, oldest, position, next }
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

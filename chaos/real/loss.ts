import { setTimeout as sleep } from 'node:timers/promises'
import type { Workload } from '../../adapters/local/workload'
import type { LocalWorld } from '../../adapters/local/world'
import type { InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import { readIds } from '../../drills/logs'
import { countLoss, type CountedLoss } from '../../drills/lost-transactions'
import type { RealFacts } from './facts'

const SAMPLE_EVERY_MS = 500

/** Newest write of each client that the replica was seen to hold. */
type Shipped = ReadonlyMap<number, number>

/** Looks at the replica again and again: what it holds once must never be lost. */
export function sampled(world: LocalWorld, isWanted: boolean): { stop(): Promise<Shipped> } {
  const shipped = new Map<number, number>()
  const end = new AbortController()
  if (!isWanted) end.abort()
  const look = async () => {
    while (!end.signal.aborted) {
      await world
        .withInstance(world.replica, async (client) => {
          const { rows } = await client.query<{ client: number; newest: string }>(
            'select client_id as client, max(client_sequence) as newest from clinic.records where client_id is not null and pg_is_in_recovery() group by 1',
          )
          for (const { client: id, newest } of rows) shipped.set(id, Number(newest))
        })
        // It is being promoted, or so busy that it answers later.
        .catch(unlessPort(undefined))
      await sleep(SAMPLE_EVERY_MS)
    }
  }
  const looking = look()
  return {
    stop: async () => {
      end.abort()
      await looking
      return shipped
    },
  }
}

interface Counted {
  readonly loss: NonNullable<RealFacts['loss']>
  /** Age of the newest lost write against the newest that survived. */
  readonly rpoSeconds: number
  readonly whole: CountedLoss
}

export async function countedOn(
  world: LocalWorld,
  workload: Workload,
  writer: InstanceRef,
  prefix: string,
  shipped: Shipped,
): Promise<Counted | undefined> {
  try {
    const whole = await world.withInstance(writer, (client) => countLoss(client, workload, prefix))
    const { loss, disagreements, artefacts } = whole
    let lostThoughShipped = 0
    for await (const { client, sequence } of readIds(artefacts[0]!.path))
      if (sequence <= (shipped.get(client) ?? 0)) lostThoughShipped += 1
    const { acknowledged, lost, ghost, duplicated, damaged, rpoSeconds } = loss
    return {
      loss: { acknowledged, lost, lostThoughShipped, ghost, duplicated, damaged, disagreements },
      rpoSeconds,
      whole,
    }
  } catch (error) {
    // A run that stopped while its successor was not promoted yet leaves nothing to count on.
    if (isPortError(error) && error.code === 'STILL_IN_RECOVERY') return undefined
    throw error
  }
}

/** Gives the value where a port failed, and lets everything else through. */
export const unlessPort =
  <T>(value: T) =>
  (error: unknown): T => {
    if (isPortError(error)) return value
    throw error
  }

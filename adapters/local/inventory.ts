import type { Client } from 'pg'
import type { Inventory } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import type { Endpoint } from '../postgres/connect'
import { find, type ReachableInstance } from './reachable-instance'

/** How the inventory asks the databases themselves. */
export interface Asking {
  readonly deadlineMs: number
  /** Of a database whose control plane answers in its place. */
  readonly shortDeadlineMs: number
  withSession<T>(endpoint: Endpoint, deadlineMs: number, work: (client: Client) => Promise<T>): Promise<T>
}

/**
 * What the control planes of a world say of its instances. The role is the database's own; where only the database is
 * silent, it is the last one known, as RDS goes on describing an instance whose server is dead.
 */
export function localInventory(instances: Iterable<ReachableInstance>, asking: Asking): Inventory {
  const followed = new Map<string, boolean>()
  /** Whether the instance follows another one; undefined where only its control plane answers. */
  const follows = async ({ from, controlPlaneAnswers }: ReachableInstance): Promise<boolean | undefined> => {
    const stoodIn = controlPlaneAnswers?.() ?? false
    try {
      return await asking.withSession(from[0], stoodIn ? asking.shortDeadlineMs : asking.deadlineMs, inRecovery)
    } catch (error) {
      if (stoodIn && isPortError(error) && error.failure === 'unreachable') return undefined
      throw error
    }
  }
  return {
    describe: async (ref) => {
      const found = find(instances, ref)
      if (!found) return undefined
      const said = await follows(found)
      const { source, zone, status = 'available', from } = found
      const replays = said ?? followed.get(ref.instance) ?? source !== undefined
      followed.set(ref.instance, replays)
      // What replays and follows nobody is being restored.
      const isReady = said !== undefined && !(replays && source === undefined)
      return {
        ...ref,
        status: isReady || status === 'failed' ? status : 'other',
        role: replays ? 'replica' : 'primary',
        ...(replays && source !== undefined && { source }),
        ...(zone !== undefined && { zone }),
        endpoint: { host: from[0].name, port: from[0].port },
      }
    },
  }
}

async function inRecovery(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')
  return rows[0]!.r
}

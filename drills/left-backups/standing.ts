import { statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Observed } from '../../adapters/local/daily-world'
import { readHeartbeat } from '../../adapters/postgres/heartbeat'
import { receiverVerdict } from '../../adapters/postgres/replication-receiver'
import type { InstanceRef } from '../../core/ports/database'
import type { Policy } from '../../core/policy'
import { isPortError } from '../../core/ports/errors'
import type { DataHolder } from '../../core/ports/recovery-points'
import type { Stage } from '../stage'

/** A database that answers, and what it is. */
export interface Standing {
  readonly ref: InstanceRef
  readonly role: Exclude<DataHolder['role'], 'test-copy'>
}

/** Every database of a region that answers. */
export async function standing({ world }: Stage, region: string): Promise<Standing[]> {
  const found: Standing[] = []
  for (const ref of [world.primary, world.replica, ...world.spares].filter((one) => one.region === region)) {
    const role = await roleOf(world, ref)
    if (role) found.push({ ref, role })
  }
  return found
}

async function roleOf(world: Stage['world'], ref: InstanceRef): Promise<Standing['role'] | undefined> {
  try {
    return await world.withInstance(ref, async (client) => {
      const { rows } = await client.query<{ replays: boolean }>('select pg_is_in_recovery() as replays')
      return rows[0]!.replays ? 'replica' : 'writer'
    })
  } catch (error) {
    if (isPortError(error)) return undefined
    throw error
  }
}

/** What a replica tells of itself, judged over the window of the probes. */
export const observeReplica = (
  { withInstance }: Pick<Stage['world'], 'withInstance'>,
  replica: InstanceRef,
  { probeEverySeconds, consecutiveFailures }: Policy['pace']['detection'],
): Promise<NonNullable<Observed['replication']>> =>
  withInstance(replica, async (client) => {
    const heartbeat = await readHeartbeat(client)
    return {
      receives: await receiverVerdict(client, probeEverySeconds * consecutiveFailures * 1000),
      ...(heartbeat && { heartbeatAt: heartbeat.at }),
    }
  })

/** How often a replica is looked at that does not hear from its source. */
const LOOK_AGAIN_MS = 100

/**
 * The same, of a replica whose source may just have been replaced: it looks for the next one every few seconds
 * (wal_retrieve_retry_interval), and is silent once it was so through the window of the probes.
 */
export async function observeSettledReplica(
  world: Pick<Stage['world'], 'withInstance'>,
  replica: InstanceRef,
  pace: Policy['pace']['detection'],
): ReturnType<typeof observeReplica> {
  const until = performance.now() + pace.probeEverySeconds * pace.consecutiveFailures * 1000
  for (;;) {
    const seen = await observeReplica(world, replica, pace)
    if (seen.receives !== 'down' || performance.now() >= until) return seen
    await sleep(LOOK_AGAIN_MS)
  }
}

/** The file system under the databases, once: growth over days is nothing that a drill could see. */
export async function observeStorage({ world, ports }: Stage): Promise<Observed['storage']> {
  const { blocks, bavail, bsize } = await statfs(world.folder)
  const at = ports.clock.now().toISOString()
  return { allocatedBytes: blocks * bsize, history: [{ at, bytes: (blocks - bavail) * bsize }] }
}

import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InstanceRef } from '../../core/ports/database'
import type { withSession } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import type { Ground } from './ground'
import type { KnownInstance, KnownInstances } from './known-instance'
import { freePort } from './loopback'
import { reach } from './reachable-instance'
import { untilCommitsWait } from './waiting-commits'

export interface StandbySettings {
  /** Whether commits wait for it. */
  readonly isSynchronous: boolean
  /** Clients come back first: a copy of the whole database would hold them up. */
  readonly afterMs: number
  /** Opens sessions with the databases of this world, and refuses any other. */
  readonly session: typeof withSession
}

/** Gives an instance that has lost its standby a new one, as RDS does by itself. */
export interface NewStandbys {
  /** Begins to make one in the zone; what comes of it, `made` tells. */
  begin(instance: KnownInstance, zone: string): void
  /** Resolves once the instance has a standby in step with it, with its zone; rejects where none can be made. */
  made(ref: InstanceRef): Promise<string>
}

const CATCH_UP_MS = 60_000

export function newStandbys(
  ground: Ground,
  instances: KnownInstances,
  { isSynchronous, afterMs, session }: StandbySettings,
): NewStandbys {
  const { plan } = ground
  const fenceLogin = plan.login(FENCE_ROLE)
  const making = new Map<KnownInstance, Promise<void>>()
  let isOver = false
  let number = 1

  const make = async (instance: KnownInstance, zone: string): Promise<void> => {
    await sleep(afterMs)
    if (isOver) return
    const { server: origin, ref } = instance
    const endpoint = { ...origin.endpoint, port: await freePort() }
    const server = await ground.server('primary', `${ref.instance}-zone-${++number}`, endpoint, 'archive')
    // As the role whose sessions no closing ends: on a busy machine the guard may miss a lease in the middle of a copy.
    await server.copyFrom(origin, fenceLogin, {
      endpoint: origin.endpoint,
      login: plan.login('replicator'),
    })
    await server.start(fenceLogin)
    await session(origin.endpoint, fenceLogin, CATCH_UP_MS, async (client) => {
      const follows = async () =>
        (
          await client.query(`select from pg_stat_replication where application_name = $1 and state = 'streaming'`, [
            server.name,
          ])
        ).rowCount === 1
      while (!(await follows())) await sleep(20)
      if (!isSynchronous) return
      // Only now: before it follows, every commit would wait for it.
      await client.query(`alter system set synchronous_standby_names = 'first 1 ("${server.name}")'`)
      await client.query('select pg_reload_conf()')
      await session(server.endpoint, fenceLogin, CATCH_UP_MS, (standby) =>
        session(origin.endpoint, fenceLogin, CATCH_UP_MS, (writer) =>
          untilCommitsWait({ writer, watcher: client, standby }),
        ),
      )
    })
    instance.standby = { server, zone }
  }

  ground.closing({
    close: async () => {
      isOver = true
      if ((await Promise.allSettled(making.values())).length > 0)
        await rm(ground.folder, { recursive: true, force: true })
    },
  })
  return {
    begin: (instance, zone) => {
      const made = make(instance, zone)
      // Whoever asks for it is told; an instance without a standby serves all the same.
      made.catch(() => undefined)
      making.set(instance, made)
    },
    made: async (ref) => {
      const instance = reach(instances, ref)
      await making.get(instance)
      if (!instance.standby) throw new Error(`'${ref.instance}' has no standby in another zone`)
      return instance.standby.zone
    },
  }
}

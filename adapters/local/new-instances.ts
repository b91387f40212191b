import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { withSession } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { shipLog } from '../postgres/ship-log'
import { acrossBorder } from './first-instances'
import type { Ground } from './ground'
import type { Guards } from './guards'
import type { KnownInstance, KnownInstances } from './known-instance'
import type { Link } from './link'
import { freePort } from './loopback'
import { find, reach } from './reachable-instance'
import { whyUnrestorable } from './unrestorable'

/** A copy of an instance as it was just before a moment, in ISO 8601 with its offset. */
export interface RestoreRequest {
  readonly before: string
  /** One of the world's spare instances. */
  readonly copy: InstanceRef
}

/** A replica that was made anew, and the path it receives through. */
export interface RebuiltReplica {
  readonly ref: InstanceRef
  readonly replication: Link
}

export interface PatchedServer {
  readonly from: string
  readonly to: string
}

/** Makes the instances that a running world gets later. Each needs the name of a spare one, which has its certificate. */
export interface NewInstances {
  /** A new replica that follows `source`, which is in the other region. */
  rebuildReplica(source: InstanceRef, spare: InstanceRef): Promise<RebuiltReplica>
  /** A new primary beside `source`, closed to all but the fence role until somebody opens it under a newer epoch. */
  restore(source: InstanceRef, request: RestoreRequest): Promise<void>
  /**
   * Goes on with a restored instance under the next minor version, closed as it was. Returns both versions as the server tells
   * them; undefined, and nothing happens, where there is no newer one.
   */
  patch(copy: InstanceRef): Promise<PatchedServer | undefined>
  /** Ends a restored instance and its guards, and removes its files. */
  remove(copy: InstanceRef): Promise<void>
}

const RESTORE_MS = 600_000

async function closeOnceReplayed(client: Client): Promise<void> {
  const replays = async () => (await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r
  while (await replays()) await sleep(20)
  // It holds the lease of the original as of then. Only a newer epoch may open it, or two would write.
  await client.query('select recovery_guard.close_logins((select epoch from recovery_guard.lease))')
}

export function newInstances(
  ground: Ground,
  instances: KnownInstances,
  guards: Guards,
  { backup, ownSession }: { readonly backup?: string; readonly ownSession: typeof withSession },
  primaryRegionAnswers: () => boolean,
): NewInstances {
  const { plan } = ground
  const fenceLogin = plan.login(FENCE_ROLE)
  /** Registers a server that is not made yet under the name of a spare instance. */
  const register = async (spare: InstanceRef, more: Pick<KnownInstance, 'source'>): Promise<KnownInstance> => {
    const planned = find(plan.spares, spare)
    if (!planned)
      throw new PortError('invalid', 'INSTANCE_NOT_PLANNED', `'${spare.instance}' is no spare instance of this world`)
    if (find(instances, spare)) throw new PortError('conflict', 'INSTANCE_EXISTS', `'${spare.instance}' exists already`)
    const endpoint = ground.endpoint(planned.endpointName, await freePort())
    const role = spare.region === plan.regions.primary ? 'primary' : 'recovery'
    return instances.add({
      ...more,
      ref: spare,
      role,
      // An archive of its own: two timelines of one number must never meet in one folder.
      server: await ground.server(role, spare.instance, endpoint, `archive-${spare.instance}`),
      status: 'other',
      ...(role === 'primary'
        ? {
            zone: plan.zones.serving,
            from: await acrossBorder(ground, endpoint, () => instances.portOf(endpoint.name)),
            controlPlaneAnswers: primaryRegionAnswers,
          }
        : { from: [endpoint, endpoint] }),
    })
  }
  return {
    rebuildReplica: async (source, spare) => {
      const { server: origin } = reach(instances, source)
      const known = await register(spare, { source: source.instance })
      const replication = await ground.openBorder(() => instances.portOf(origin.endpoint.name))
      await known.server.copyFrom(origin, fenceLogin, {
        endpoint: { ...origin.endpoint, port: replication.port },
        login: plan.login('replicator'),
      })
      await known.server.start(fenceLogin)
      known.status = 'available'
      await guards.startFor(known)
      return { ref: spare, replication }
    },
    patch: async (copy) => {
      if (!ground.nextMinor) return undefined
      const { server } = reach(instances, copy)
      const versionNow = () =>
        ownSession(server.endpoint, fenceLogin, RESTORE_MS, async (client) => {
          const { rows } = await client.query<{ v: string }>(`select current_setting('server_version') as v`)
          return rows[0]!.v
        })
      const from = await versionNow()
      await server.goOnWith(ground.nextMinor, fenceLogin, { closedTo: FENCE_ROLE })
      return { from, to: await versionNow() }
    },
    remove: async (copy) => {
      const known = reach(instances, copy)
      await guards.stopFor(known)
      await known.server.remove()
      instances.remove(known)
    },
    restore: async (source, { before, copy }) => {
      const { server: origin } = reach(instances, source)
      if (backup === undefined || source.instance !== plan.instances.primary)
        throw new PortError('conflict', 'NO_HISTORY', `'${source.instance}' keeps no history to restore from`)
      if (copy.region !== source.region)
        throw new PortError('invalid', 'INSTANCE_NOT_PLANNED', `'${copy.instance}' is not in ${source.region}`)
      await shipNewest()
      const known = await register(copy, {})
      try {
        await known.server.restoreFrom(backup, { archive: origin.archive, before })
        await known.server.start(fenceLogin, { closedTo: FENCE_ROLE })
        await ownSession(known.server.endpoint, fenceLogin, RESTORE_MS, closeOnceReplayed)
      } catch (error) {
        known.status = 'failed'
        throw (await whyUnrestorable(backup, origin.archive)) ?? error
      }
      known.status = 'available'
      await guards.startFor(known)

      /** The newest commits reach the archive once their segment is full, or now. A dead writer ships nothing any more. */
      async function shipNewest(): Promise<void> {
        await ownSession(origin.endpoint, fenceLogin, RESTORE_MS, shipLog).catch((error: unknown) => {
          if (!(error instanceof PortError) || error.failure !== 'unreachable') throw error
        })
      }
    },
  }
}

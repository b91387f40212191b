import { PortError } from '../../core/ports/errors'
import type { ZoneStandby } from '../../core/ports/zone-standby'
import { asPortError, type Login, withSession } from '../postgres/connect'
import type { Instance } from './instance'
import type { KnownInstance, KnownInstances } from './known-instance'
import { reach } from './reachable-instance'
import type { NewStandbys } from './zone-standby-server'

/** A failover that goes on by itself, and why it came to nothing. */
interface Begun {
  readonly leaves: string | null
  failure?: PortError
}

/** Longest a promotion inside a region may take before it counts as failed; a busy machine takes half a minute. */
const PROMOTION_SECONDS = 120

/**
 * The control plane of a region, as far as it fails an instance over to its standby. That the old server is dead is its
 * fence: every process is killed and seen to be gone, and its files stand where no start finds them, before anything is
 * promoted.
 */
export function localZoneStandby(
  instances: KnownInstances,
  fenceLogin: Login,
  session: typeof withSession,
  standbys: Pick<NewStandbys, 'begin'>,
): ZoneStandby {
  const begun = new Map<string, Begun>()
  const failOver = async (instance: KnownInstance, standby: { readonly server: Instance; readonly zone: string }) => {
    const lost = instance.zone
    instance.status = 'other'
    delete instance.standby
    await instance.server.retire()
    await session(standby.server.endpoint, fenceLogin, PROMOTION_SECONDS * 1000, async (client) => {
      const { rows } = await client.query<{ promoted: boolean }>('select pg_promote(true, $1) as promoted', [
        PROMOTION_SECONDS,
      ])
      if (!rows[0]!.promoted)
        throw new PortError('unreachable', 'PROMOTION_SLOW', `the standby of '${instance.ref.instance}' does not open`)
    })
    instances.serveBy(instance, standby.server)
    instance.zone = standby.zone
    instance.status = 'available'
    // In the zone that was left: the region has two here.
    if (lost !== undefined) standbys.begin(instance, lost)
  }
  return {
    failOver: async (ref, { key }) => {
      const instance = reach(instances, ref)
      if (!(instance.controlPlaneAnswers?.() ?? true))
        throw new PortError('unreachable', 'CONTROL_PLANE_UNREACHABLE', `${ref.region} does not answer`)
      const before = begun.get(key)
      if (before?.failure) throw before.failure
      if (before) return { leaves: before.leaves }
      if (!instance.standby)
        throw new PortError('conflict', 'ZONE_STANDBY_MISSING', `'${ref.instance}' has no standby in another zone`)
      const ours: Begun = { leaves: instance.zone ?? null }
      begun.set(key, ours)
      failOver(instance, instance.standby).catch((error: unknown) => (ours.failure = asPortError(error, ref.instance)))
      return { leaves: ours.leaves }
    },
  }
}

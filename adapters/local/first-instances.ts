import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { startCoordination } from '../../core/coordination/first-epoch'
import { refreshBaseline } from '../../core/readiness/baseline'
import { withSession, type Endpoint } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { sessionsWith, systemIdentifier } from '../postgres/system-identifier'
import type { Ground } from './ground'
import type { Instance } from './instance'
import type { KnownInstances } from './known-instance'
import type { Link } from './link'
import { seedPrimary } from './seed-primary'
import { SWITCH_KEY } from './traffic-switch'
import { untilCommitsWait } from './waiting-commits'
import { SUPERUSER, type WorldOptions } from './world-plan'

export interface FirstInstances {
  /** The path the replica receives through. */
  readonly replication: Link
  /** Opens sessions with the databases of this world, and refuses any other. */
  readonly ownSession: typeof withSession
  /** Folder of the primary's base backup, where one was asked for. */
  readonly backup?: string
}

const SEED_DEADLINE_MS = 60_000

/** A seeded primary, its standby in another zone and its replica in the recovery region, all running. */
export async function startFirstInstances(
  ground: Ground,
  options: WorldOptions,
  instances: KnownInstances,
  primaryRegionAnswers: () => boolean,
): Promise<FirstInstances> {
  const { plan, stores } = ground
  const superuser = plan.login(SUPERUSER)
  const endpoint = ground.endpoint(plan.endpointNames.primary, plan.ports.primary)
  const primary = await ground.server('primary', plan.instances.primary, endpoint, 'archive')
  // The same endpoint name and certificate: clients do not see which of the two serves.
  const zone = await ground.server(
    'primary',
    `${plan.instances.primary}-zone`,
    { ...endpoint, port: plan.ports.zone },
    'archive',
  )
  // One archive per region: a cut between regions must cut this way of the log too.
  const replica = await ground.server(
    'recovery',
    plan.instances.replica,
    ground.endpoint(plan.endpointNames.replica, plan.ports.replica),
    'archive',
  )
  await primary.initialize(superuser)
  await primary.start(superuser)
  const { epoch } = await startCoordination(
    stores,
    { region: plan.regions.primary, instance: plan.instances.primary },
    async () => false,
  )
  const baseline = await seedPrimary(endpoint, plan, options.rows, epoch)
  const ownSession = sessionsWith(await withSession(endpoint, superuser, SEED_DEADLINE_MS, systemIdentifier))
  for (const store of [stores.recovery, stores.witness])
    await store.create(SWITCH_KEY, { region: epoch.holder, epoch: epoch.epoch })
  await refreshBaseline(stores.recovery, new Date(), 0, async () => ({
    tables: baseline.map((table) => ({ ...table })),
  }))

  const portNow = () => instances.portOf(endpoint.name)
  const known = instances.add({
    ref: { region: plan.regions.primary, instance: plan.instances.primary },
    role: 'primary',
    server: primary,
    zone: plan.zones.serving,
    standby: { server: zone, zone: plan.zones.standby },
    status: 'available',
    from: await acrossBorder(ground, endpoint, portNow),
    controlPlaneAnswers: primaryRegionAnswers,
  })
  instances.putInService(known)
  const replication = await ground.openBorder(portNow, options.oneWayMs)
  const follow = async (follower: Instance, port: number) => {
    await follower.copyFrom(primary, superuser, { endpoint: { ...endpoint, port }, login: plan.login('replicator') })
    await follower.start(plan.login(FENCE_ROLE))
  }
  await Promise.all([follow(zone, plan.ports.primary), follow(replica, replication.port)])
  await waitFor(
    endpoint,
    ground,
    [zone, replica],
    [...(options.zone === 'sync' ? [zone] : []), ...(options.replication === 'sync' ? [replica] : [])],
  )
  instances.putInService(
    instances.add({
      ref: { region: plan.regions.recovery, instance: plan.instances.replica },
      role: 'recovery',
      server: replica,
      source: plan.instances.primary,
      status: 'available',
      from: [replica.endpoint, replica.endpoint],
    }),
  )
  if (!options.backups) return { replication, ownSession }
  const backup = join(ground.place.primary, 'base-backup')
  await primary.backUp(backup, superuser)
  return { replication, ownSession, backup }
}

/** Paths to an endpoint of the primary region from the two places that look at it. */
export async function acrossBorder(
  ground: Ground,
  endpoint: Endpoint,
  port: () => number,
): Promise<readonly [Endpoint, Endpoint]> {
  const [recovery, witness] = [await ground.openBorder(port), await ground.openBorder(port)]
  return [
    { ...endpoint, port: recovery.port },
    { ...endpoint, port: witness.port },
  ]
}

/** Waits for the standbys, and makes commits wait for those named. */
async function waitFor(
  primary: Endpoint,
  { plan }: Ground,
  standbys: readonly Instance[],
  named: readonly Instance[],
): Promise<void> {
  const session = <T>(endpoint: Endpoint, work: (client: Client) => Promise<T>) =>
    withSession(endpoint, plan.login(SUPERUSER), 60_000, work)
  await session(primary, async (client) => {
    // By their names: one that has connected anew stands beside its former self until the server gives that up, a minute later.
    const streaming = async () => {
      const { rows } = await client.query<{ name: string }>(
        `select distinct application_name as name from pg_stat_replication where state = 'streaming'`,
      )
      return standbys.every((standby) => rows.some(({ name }) => name === standby.name))
    }
    while (!(await streaming())) await sleep(20)
    const [first] = named
    if (!first) return
    const all = named.map(({ name }) => `"${name}"`).join(', ')
    await client.query(`alter system set synchronous_standby_names = 'first ${named.length} (${all})'`)
    await client.query('select pg_reload_conf()')
    // Of several, each is waited for as soon as one is.
    await session(first.endpoint, (standby) =>
      session(primary, (writer) => untilCommitsWait({ writer, watcher: client, standby })),
    )
  })
}

import { chmod, mkdir } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Ports } from '../../core/ports'
import { startCoordination } from '../../core/coordination/first-epoch'
import { isPortError } from '../../core/ports/errors'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import type { Reporter } from '../../core/ports/reporter'
import { refreshBaseline } from '../../core/readiness/baseline'
import { CLINIC_TABLES } from '../postgres/clinic-schema'
import { withSession, type Endpoint } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { sessionsWith, systemIdentifier } from '../postgres/system-identifier'
import { LocalApplicationTier } from './application-tier'
import { issueCertificates } from './certificates'
import { explained } from './disk-space'
import { startDnsServer } from './dns-server'
import { injectFault, type Faults } from './faults'
import { folderConditionalStore } from './folder-conditional-store'
import { httpConditionalStore } from './http-conditional-store'
import { Instance } from './instance'
import { openLink } from './link'
import { openSessions, tryOldPrimary, type OldPrimaryAttempt } from './old-primary'
import { postgresBinaries } from './postgres-binaries'
import type { GuardProcessSettings } from './processes/settings'
import { startProcess } from './processes/start'
import { databaseUser, newWorldFolder, ownedFolder, removeWorld, sweepLeftovers } from './scratch'
import { seedPrimary } from './seed-primary'
import { servedRegion } from './served-region'
import { startStoreServer } from './store-server'
import { SWITCH_KEY } from './traffic-switch'
import { startWorkload, type Workload } from './workload'
import { endpointOf, planWorld, SUPERUSER, type WorldOptions, type WorldPlan } from './world-plan'
import { worldPorts } from './world-ports'

/** Two regions and a witness on this machine, running. Everything in it is gone after `remove`. */
export interface LocalWorld {
  readonly folder: string
  readonly plan: WorldPlan
  readonly endpoints: { readonly primary: Endpoint; readonly replica: Endpoint }
  /** The world as the recovery region sees it. */
  ports(evidence: EvidenceLog, reporter: Reporter): Ports
  /** Starts clients that write and log for themselves, knowing nothing of the runbook. */
  startWorkload(clients: number): Promise<Workload>
  readonly faults: Faults
  /** Opens one session per login role on the primary now; the function returned tries them, and every other way, later. */
  rememberOldPrimary(): Promise<() => Promise<OldPrimaryAttempt[]>>
  /** A session of the fence role with the primary, where nothing has taken over. */
  withPrimary<T>(work: (client: Client) => Promise<T>): Promise<T>
  /** A session of the fence role with the recovered writer, for what is measured afterwards. */
  withRecovered<T>(work: (client: Client) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

/** Longest wait of one coordination call inside a region. */
const STORE_DEADLINE_MS = 1000
const SESSION_DEADLINE_MS = 50_000
const MEASURE_DEADLINE_MS = 600_000

/**
 * Builds a world: removes what killed runs left, then starts databases, stores, name server and guards. Whatever fails
 * on the way, nothing of it stays behind.
 */
export async function startWorld(options: WorldOptions): Promise<LocalWorld> {
  await sweepLeftovers()
  const folder = await newWorldFolder()
  const closers: (() => Promise<void>)[] = []
  let removed: Promise<void> | undefined
  const removeOnce = async () => {
    await removeWorld(folder)
    await Promise.all(closers.splice(0).map((close) => close()))
    forgetSignals()
  }
  const remove = () => (removed ??= removeOnce())
  const forgetSignals = onEndSignal(remove)
  try {
    return await build(options, folder, closers, remove)
  } catch (error) {
    const reason = await explained(error, folder)
    await remove()
    throw reason
  }
}

async function build(
  options: WorldOptions,
  folder: string,
  closers: (() => Promise<void>)[],
  remove: () => Promise<void>,
): Promise<LocalWorld> {
  const closing = <T extends { close(): Promise<void> }>(opened: T): T => {
    closers.push(() => opened.close())
    return opened
  }
  const { outside } = options
  const plan = await planWorld(options)
  const pace = options.policy.rehearsal.pace
  const leaseMs = pace.lease.durationSeconds * 1000
  const { authority, servers } = await issueCertificates(Object.values(plan.endpointNames))
  const endpoints = {
    primary: endpointOf(plan.endpointNames.primary, plan.ports.primary, authority, outside?.database),
    zone: endpointOf(plan.endpointNames.zone, plan.ports.zone, authority, outside?.database),
    replica: endpointOf(plan.endpointNames.replica, plan.ports.replica, authority, outside?.database),
  }
  const place = {
    primary: await newPlace(folder, plan.regions.primary),
    recovery: await newPlace(folder, plan.regions.recovery),
    witness: await newPlace(folder, plan.regions.witness),
  }

  const user = databaseUser()
  const binaries = await postgresBinaries()
  const instanceIn = async (region: 'primary' | 'recovery', name: string, endpoint: Endpoint, server: number) =>
    new Instance({
      name,
      folder: place[region],
      endpoint,
      certificate: servers[server]!,
      // One archive per region: a cut between regions must cut this way of the log too.
      archive: await ownedFolder(join(place[region], 'archive'), user),
      binaries,
      user,
      settings: { wal_receiver_timeout: `'${leaseMs}ms'`, wal_receiver_status_interval: '1' },
    })
  const primary = await instanceIn('primary', plan.instances.primary, endpoints.primary, 0)
  const zone = await instanceIn('primary', `${plan.instances.primary}-zone`, endpoints.zone, 1)
  const replica = await instanceIn('recovery', plan.instances.replica, endpoints.replica, 2)

  const [recoveryStore, witnessStore] = await Promise.all([
    startStoreServer(outside?.stores.recovery ?? (await folderConditionalStore(join(place.recovery, 'store')))).then(
      closing,
    ),
    startStoreServer(outside?.stores.witness ?? (await folderConditionalStore(join(place.witness, 'store')))).then(
      closing,
    ),
  ])
  const stores = {
    recovery: httpConditionalStore(recoveryStore.port, STORE_DEADLINE_MS),
    witness: httpConditionalStore(witnessStore.port, STORE_DEADLINE_MS),
  }
  // Every path into or out of the primary region; a partition cuts all of them.
  const linkTo = async (port: number) => closing(await openLink(() => port))
  const links = {
    replication: await linkTo(plan.ports.primary),
    fromRecovery: await linkTo(plan.ports.primary),
    fromWitness: await linkTo(plan.ports.primary),
    guardToRecovery: await linkTo(recoveryStore.port),
    guardToWitness: await linkTo(witnessStore.port),
  }

  await primary.initialize(plan.login(SUPERUSER))
  await primary.start(plan.login(SUPERUSER))
  const { epoch } = await startCoordination(stores, plan.regions.primary, async () => false)
  const baseline = await seedPrimary(endpoints.primary, plan, options.rows, epoch)
  const ownSession = sessionsWith(
    await withSession(endpoints.primary, plan.login(SUPERUSER), SESSION_DEADLINE_MS, systemIdentifier),
  )
  for (const store of [stores.recovery, stores.witness])
    await store.create(SWITCH_KEY, { region: epoch.holder, epoch: epoch.epoch })
  await refreshBaseline(stores.recovery, new Date(), 0, async () => ({
    tables: baseline.map((table) => ({ ...table })),
  }))

  const source = (port: number) => ({ endpoint: { ...endpoints.primary, port }, login: plan.login('replicator') })
  const followers = [
    { instance: zone, port: plan.ports.primary },
    { instance: replica, port: links.replication.port },
  ]
  await Promise.all(
    followers.map(async ({ instance, port }) => {
      await instance.copyFrom(primary, plan.login(SUPERUSER), source(port))
      await instance.start(plan.login(FENCE_ROLE))
    }),
  )
  await replicate(endpoints.primary, plan, options.replication)

  const guardOf = (region: 'primary' | 'recovery', storePorts: readonly number[]): GuardProcessSettings => ({
    region: plan.regions[region],
    endpoint: region === 'primary' ? endpoints.primary : endpoints.replica,
    login: plan.login(FENCE_ROLE),
    storePorts,
    leaseMs,
    renewEveryMs: pace.lease.renewEverySeconds * 1000,
    ...(region === 'primary' && { hostAccessFile: primary.hostAccessFile }),
  })
  const primaryGuard = guardOf('primary', [links.guardToRecovery.port, links.guardToWitness.port])
  const startGuards = async () => {
    await startProcess('guard', place.primary, primaryGuard)
    await startProcess('dead-man', place.primary, primaryGuard)
  }
  await startGuards()
  await startProcess('guard', place.recovery, guardOf('recovery', [recoveryStore.port, witnessStore.port]))

  const region =
    outside?.servedRegion ?? servedRegion([stores.recovery, stores.witness], SWITCH_KEY, plan.regions.primary)
  const dns = closing(
    await startDnsServer({
      servedName: plan.servedName,
      ttlSeconds: pace.dns.ttlSeconds,
      endpointNames: Object.values(plan.endpointNames),
      target: async () =>
        (await region()) === plan.regions.recovery ? endpoints.replica.name : endpoints.primary.name,
    }),
  )
  await untilGuarded(endpoints.primary, plan)

  // The way an application of the recovery region uses its database: one login, one read.
  const application = closing(
    new LocalApplicationTier(() =>
      withSession(endpoints.replica, plan.login('clinic_app'), STORE_DEADLINE_MS, (client) => client.query('select')),
    ),
  )

  // Shorter than the lease, so that a client never believes a writer that may have lost it.
  const clientDeadlineMs = leaseMs / 2
  const via = (port: number): Endpoint => ({ ...endpoints.primary, port })
  return {
    folder,
    plan,
    endpoints: { primary: endpoints.primary, replica: endpoints.replica },
    ports: (evidence, reporter) =>
      worldPorts(
        {
          pace,
          // The rehearsal only adds rows.
          tables: { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
          primary: {
            ref: { region: plan.regions.primary, instance: plan.instances.primary },
            from: [via(links.fromRecovery.port), via(links.fromWitness.port)],
          },
          replica: {
            ref: { region: plan.regions.recovery, instance: plan.instances.replica },
            endpoint: endpoints.replica,
          },
          stores,
          application,
          resolver: { port: dns.port, servedName: plan.servedName, deadlineMs: STORE_DEADLINE_MS },
          regionOf: new Map([
            [endpoints.primary.name, plan.regions.primary],
            [endpoints.replica.name, plan.regions.recovery],
          ]),
          login: plan.login,
          fenceRole: FENCE_ROLE,
          sessionDeadlineMs: SESSION_DEADLINE_MS,
          withSession: ownSession,
        },
        evidence,
        reporter,
      ),
    startWorkload: (clients) =>
      startWorkload(join(folder, 'clients'), {
        clients,
        servedName: plan.servedName,
        dnsPort: dns.port,
        allowed: [endpoints.primary, endpoints.replica],
        login: plan.login('clinic_app'),
        connectDeadlineMs: clientDeadlineMs,
        writeDeadlineMs: clientDeadlineMs,
        patients: options.rows,
      }),
    faults: injectFault({
      regionFolder: place.primary,
      primary,
      links: Object.values(links),
      replication: links.replication,
      replica: endpoints.replica,
      fenceLogin: plan.login(FENCE_ROLE),
      startGuards,
      withSession: ownSession,
    }),
    rememberOldPrimary: async () => {
      const logins = plan.roles.map((role) => plan.login(role))
      // The replication role cannot open an ordinary session, now or later.
      const open = logins.filter(({ user: role }) => role !== 'replicator')
      const sessions = await openSessions(endpoints.primary, open, STORE_DEADLINE_MS)
      const cached = endpoints.primary
      return async () => {
        // What answers there by now must be the database we knew, or nobody.
        await ownSession(endpoints.primary, plan.login(FENCE_ROLE), STORE_DEADLINE_MS, async () => undefined).catch(
          unlessUnreachable,
        )
        return tryOldPrimary({ sessions, cached, direct: endpoints.primary, logins, deadlineMs: 2000 })
      }
    },
    withPrimary: (work) => ownSession(endpoints.primary, plan.login(FENCE_ROLE), MEASURE_DEADLINE_MS, work),
    withRecovered: (work) => ownSession(endpoints.replica, plan.login(FENCE_ROLE), MEASURE_DEADLINE_MS, work),
    remove,
  }
}

/** Removes the world before an interrupt or a termination ends this process, with the exit code shells expect. */
function onEndSignal(remove: () => Promise<void>): () => void {
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = () => void remove().finally(() => process.exit(128 + constants.signals[signal]))
    process.on(signal, handler)
    return { signal, handler }
  })
  return () => handlers.forEach(({ signal, handler }) => process.off(signal, handler))
}

/** A folder per place: what runs in it is exactly what dies with it. */
async function newPlace(folder: string, region: string): Promise<string> {
  const path = join(folder, region)
  await mkdir(path)
  await chmod(path, 0o711)
  return path
}

/** Waits for both standbys, and makes commits wait for the replica where replication is synchronous. */
async function replicate(primary: Endpoint, plan: WorldPlan, replication: WorldOptions['replication']): Promise<void> {
  await withSession(primary, plan.login(SUPERUSER), 60_000, async (client) => {
    const streaming = async () =>
      (await client.query(`select from pg_stat_replication where state = 'streaming'`)).rowCount === 2
    while (!(await streaming())) await sleep(20)
    if (replication === 'async') return
    await client.query(`alter system set synchronous_standby_names = '"${plan.instances.replica}"'`)
    await client.query('select pg_reload_conf()')
  })
}

/** Until the guard has renewed the lease, clients would be refused. */
async function untilGuarded(primary: Endpoint, plan: WorldPlan): Promise<void> {
  await withSession(primary, plan.login(FENCE_ROLE), 60_000, async (client) => {
    const renewed = async () =>
      (await client.query('select from recovery_guard.lease where heartbeat > 1 and clock_timestamp() < valid_until'))
        .rowCount === 1
    while (!(await renewed())) await sleep(20)
  })
}

function unlessUnreachable(error: unknown): void {
  if (!isPortError(error) || error.failure !== 'unreachable') throw error
}

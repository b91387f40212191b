import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import type { Reporter } from '../../core/ports/reporter'
import { CLINIC_TABLES } from '../postgres/clinic-schema'
import { withSession, type Endpoint } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { LocalApplicationTier, standIn } from './application-tier'
import { prepareClinic, type OpenClinic, type Recipe } from './clinic'
import { explained } from './disk-space'
import { startDnsServer } from './dns-server'
import { injectFault, type Faults } from './faults'
import { startFirstInstances } from './first-instances'
import { prepareGround, STORE_DEADLINE_MS, type Ground } from './ground'
import { openGuards } from './guards'
import { incidentResponse } from './incident-response'
import { KeyWrapping } from './key-wrapping'
import { KnownInstances } from './known-instance'
import { newInstances, type NewInstances } from './new-instances'
import { openSessions, tryOldPrimary, type OldPrimaryAttempt } from './old-primary'
import { damagePage } from './page-damage'
import { find, reach } from './reachable-instance'
import { regionalSecrets } from './regional-secrets'
import { localRestore } from './restore'
import { openLink } from './link'
import { newWorldFolder, removeWorld, sweepLeftovers } from './scratch'
import { openSecretStore, type SecretStore } from './secret-store'
import { servedDatabase } from './served-database'
import { SWITCH_KEY } from './traffic-switch'
import type { StandingWorld } from './standing-world'
import { startWorkload, type Workload } from './workload'
import { planWorld, SUPERUSER, type WorldOptions, type WorldPlan } from './world-plan'
import { worldPorts } from './world-ports'
import { localZoneStandby } from './zone-standby'
import { newStandbys } from './zone-standby-server'

/** Two regions and a witness on this machine, running. Everything in it is gone after `remove`. */
export interface LocalWorld {
  readonly folder: string
  readonly plan: WorldPlan
  /** The instances it starts with. */
  readonly primary: InstanceRef
  readonly replica: InstanceRef
  /** Where an instance is served now, inside its own region. */
  readonly endpointOf: (ref: InstanceRef) => Endpoint
  /** Where the server that serves it now puts its finished segments of the log. */
  readonly archiveOf: (ref: InstanceRef) => string
  /** The world as the recovery region sees it; lists that are kept beside the evidence go to `artefacts`. */
  ports(evidence: EvidenceLog, reporter: Reporter, artefacts?: string): Ports
  /** Starts clients that write and log for themselves, knowing nothing of the runbook. */
  startWorkload(clients: number): Promise<Workload>
  /** How a program of the primary region uses the database. */
  readonly recipe: Recipe
  /** What other programs of this machine need to reach what stands now. */
  reached(): Pick<StandingWorld, Reached>
  /** Opens the clinic that the world was asked for with its programs. */
  openClinic(): Promise<OpenClinic>
  readonly faults: Faults
  /** Changes bytes of a table of the primary on its disk. */
  damagePage(table: string): Promise<void>
  /** Instances the world may still get: those of the primary region first. */
  readonly spares: readonly InstanceRef[]
  rebuildReplica: NewInstances['rebuildReplica']
  restoreInstance: NewInstances['restore']
  patchInstance: NewInstances['patch']
  /** Resolves, with its zone, once an instance that was failed over has a new standby in another zone. */
  untilStandby(ref: InstanceRef): Promise<string>
  /** Lets the served name lead to the instance while its region is served. */
  putInService(ref: InstanceRef): void
  /** Opens one session per login role on the primary now; the function returned tries them, and every other way, later. */
  rememberOldPrimary(): Promise<() => Promise<OldPrimaryAttempt[]>>
  /** Counts, when asked later, what is left of the processes of the server that serves an instance now. */
  rememberServer(ref: InstanceRef): () => Promise<number>
  /** What each role logs in with, and did before. */
  readonly secrets: SecretStore
  /** A session of the fence role with an instance, inside its region, for what is measured. */
  withInstance<T>(ref: InstanceRef, work: (client: Client) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

type Reached = 'folder' | 'regions' | 'servedName' | 'dnsPort' | 'instances' | 'logins' | 'storePorts'

const SESSION_DEADLINE_MS = 50_000
/** Of a session: request for TLS, its handshake, greeting, and two of the password's proof; one to spare. */
const CONNECT_ROUND_TRIPS = 6
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
  const plan = await planWorld(options)
  const { pace } = options.policy.rehearsal
  const leaseMs = pace.lease.durationSeconds * 1000
  const fenceLogin = plan.login(FENCE_ROLE)
  const ground = await prepareGround(folder, plan, options, closers)
  const { stores } = ground
  const primary = { region: plan.regions.primary, instance: plan.instances.primary }
  const replica = { region: plan.regions.recovery, instance: plan.instances.replica }
  const instances = new KnownInstances()
  const primaryRegionAnswers = () => faults.primaryRegionAnswers()
  const first = await startFirstInstances(ground, options, instances, primaryRegionAnswers)
  const { replication, ownSession } = first
  const endpointOf = (ref: InstanceRef): Endpoint => reach(instances, ref).server.endpoint

  const { outside } = options
  const leadsTo: () => Promise<{ readonly region?: string; readonly instance?: string }> = outside
    ? async () => ({ region: await outside.servedRegion() })
    : servedDatabase([stores.recovery, stores.witness], SWITCH_KEY, plan.regions.primary)
  const served = async () => {
    const { region = plan.regions.primary, instance } = await leadsTo()
    const named = instance === undefined ? undefined : find(instances, { region, instance })
    return (named ?? instances.servedIn(region)).server.endpoint
  }
  const dns = ground.closing(
    await startDnsServer({
      servedName: plan.servedName,
      ttlSeconds: pace.dns.ttlSeconds,
      endpoints: instances.endpoints,
      target: async () => (await served()).name,
    }),
  )
  const guards = await openGuards(ground, {
    login: fenceLogin,
    dnsPort: dns.port,
    leaseMs,
    renewEveryMs: pace.lease.renewEverySeconds * 1000,
  })
  for (const instance of instances) await guards.startFor(instance)
  const faults = injectFault({
    regionFolder: ground.place.primary,
    primary: () => instances.servedIn(plan.regions.primary).server,
    links: ground.border,
    replication,
    replica: endpointOf(replica),
    fenceLogin,
    startGuards: () => guards.restart(),
    signalGuards: (signal) => guards.signal(signal),
    withSession: ownSession,
  })
  await untilGuarded(endpointOf(primary), plan)

  const secretCopies = regionalSecrets(folder, plan.regions)
  const secrets = await openSecretStore(join(folder, 'secrets'), plan.login, plan.roles, secretCopies)
  // Shorter than the lease, so that a client never believes a writer that may have lost it.
  const clientDeadlineMs = leaseMs / 2
  const { oneWayMs = 0 } = options
  const acrossDeadlineMs = clientDeadlineMs + CONNECT_ROUND_TRIPS * 2 * oneWayMs
  const recipe = {
    servedName: plan.servedName,
    dnsPort: dns.port,
    allowed: allowedEndpoints(ground),
    loginFile: secrets.fileOf('clinic_app'),
    connectDeadlineMs: clientDeadlineMs,
    writeDeadlineMs: clientDeadlineMs,
    patients: options.rows,
  }
  const database = {
    primary: () => instances.portOf(plan.endpointNames.primary),
    replica: () => instances.portOf(plan.endpointNames.replica),
  }
  const clinic =
    options.clinic === 'programs'
      ? await prepareClinic(ground, recipe, database, options.policy.rehearsal, oneWayMs, acrossDeadlineMs)
      : undefined
  const application = ground.closing(
    new LocalApplicationTier(
      clinic?.bringUp ??
        // The way an application uses the database that its served name leads to: one login, one read.
        standIn(async () =>
          withSession(await served(), secrets.login('clinic_app'), STORE_DEADLINE_MS, (client) =>
            client.query('select'),
          ),
        ),
    ),
  )
  // Clients stay where they are when traffic moves: from then on they write across the distance.
  const across =
    oneWayMs === 0
      ? {}
      : {
          [plan.endpointNames.replica]: {
            port: ground.closing(await openLink(database.replica, oneWayMs)).port,
            connectDeadlineMs: acrossDeadlineMs,
          },
        }
  const made = newInstances(ground, instances, guards, first, primaryRegionAnswers)
  const standbys = newStandbys(ground, instances, {
    isSynchronous: options.zone === 'sync',
    afterMs: leaseMs,
    session: ownSession,
  })
  const controlPlane = {
    zoneStandby: localZoneStandby(instances, fenceLogin, ownSession, standbys),
    ...localRestore({
      instances,
      made,
      ...(first.backup !== undefined && { history: { of: primary, backup: first.backup } }),
      leaseMs,
      session: (ref, work) => ownSession(reach(instances, ref).from[0], fenceLogin, SESSION_DEADLINE_MS, work),
    }),
  }

  let engaged = 0
  const keys = new KeyWrapping()
  return {
    folder,
    plan,
    primary,
    replica,
    endpointOf,
    archiveOf: (ref) => reach(instances, ref).server.archive,
    ports: (evidence, reporter, artefacts = join(folder, 'artefacts')) =>
      worldPorts(
        {
          pace,
          // The rehearsal only adds rows.
          tables: { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
          instances,
          controlPlane,
          stores,
          keys,
          application,
          secretCopies,
          artefacts,
          incidentResponse: incidentResponse({
            session: (ref, work) => ownSession(endpointOf(ref), fenceLogin, SESSION_DEADLINE_MS, work),
            secrets,
            endpointOf,
            deadlineMs: STORE_DEADLINE_MS,
            known: { logins: [...plan.roles], superusers: [SUPERUSER, FENCE_ROLE] },
            kept: join(folder, 'forensics'),
          }),
          resolver: { port: dns.port, servedName: plan.servedName, deadlineMs: STORE_DEADLINE_MS },
          login: secrets.login,
          fenceRole: FENCE_ROLE,
          sessionDeadlineMs: SESSION_DEADLINE_MS,
          withSession: ownSession,
        },
        evidence,
        reporter,
      ),
    startWorkload: (clients) => {
      const firstClient = engaged + 1
      engaged += clients
      return startWorkload(join(folder, `clients-from-${firstClient}`), {
        ...recipe,
        across,
        clients,
        firstClient,
      })
    },
    recipe,
    reached: () => ({
      folder,
      regions: plan.regions,
      servedName: plan.servedName,
      dnsPort: dns.port,
      instances: [...instances].map(({ ref, role, source, zone, server }) => ({
        ...ref,
        role,
        ...(source !== undefined && { source }),
        ...(zone !== undefined && { zone }),
        endpoint: { ...server.endpoint, host: '127.0.0.1' },
      })),
      logins: join(folder, 'secrets'),
      storePorts: ground.storePorts,
    }),
    openClinic: () => {
      if (!clinic) throw new Error('this world was built without the programs of the clinic')
      return clinic.open()
    },
    faults,
    damagePage: (table) => {
      const { server } = reach(instances, primary)
      return ownSession(server.endpoint, fenceLogin, MEASURE_DEADLINE_MS, (client) =>
        damagePage(client, server.data, table),
      )
    },
    spares: plan.spares.map(({ ref }) => ref),
    rebuildReplica: (source, spare) => made.rebuildReplica(source, spare),
    restoreInstance: (source, request) => made.restore(source, request),
    patchInstance: (copy) => made.patch(copy),
    untilStandby: (ref) => standbys.made(ref),
    putInService: (ref) => instances.putInService(reach(instances, ref)),
    rememberOldPrimary: async () => {
      const logins = plan.roles.map((role) => plan.login(role))
      // The replication role cannot open an ordinary session, now or later.
      const open = logins.filter(({ user: role }) => role !== 'replicator')
      const old = reach(instances, primary).server
      // Nothing is wrong yet: a busy machine may take its time.
      const sessions = await openSessions(old.endpoint, open, SESSION_DEADLINE_MS)
      return async () => {
        // What answers there by now must be the database we knew, or nobody.
        await ownSession(old.endpoint, fenceLogin, STORE_DEADLINE_MS, async () => undefined).catch(unlessUnreachable)
        const isReplaced = find(instances, primary)?.server !== old
        return tryOldPrimary({
          sessions,
          cached: old.endpoint,
          direct: old.endpoint,
          logins,
          deadlineMs: 2000,
          ...(isReplaced && { restart: () => old.start(fenceLogin, { closedTo: FENCE_ROLE }) }),
        })
      }
    },
    rememberServer: (ref) => {
      const { server } = reach(instances, ref)
      return async () => (await server.processes()).length
    },
    secrets,
    withInstance: (ref, work) => ownSession(endpointOf(ref), fenceLogin, MEASURE_DEADLINE_MS, work),
    remove,
  }
}

/** Every endpoint a client may ever be led to, those of instances still to come included; where it is, the name server says. */
const allowedEndpoints = ({ plan, endpoint }: Ground): Endpoint[] =>
  [...Object.values(plan.endpointNames), ...plan.spares.map(({ endpointName }) => endpointName)].map((name) =>
    endpoint(name, 0),
  )

/** Removes the world before an interrupt or a termination ends this process, with the exit code shells expect. */
function onEndSignal(remove: () => Promise<void>): () => void {
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = () => void remove().finally(() => process.exit(128 + constants.signals[signal]))
    process.on(signal, handler)
    return { signal, handler }
  })
  return () => handlers.forEach(({ signal, handler }) => process.off(signal, handler))
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

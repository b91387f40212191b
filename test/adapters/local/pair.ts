import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { systemClock } from '../../../adapters/local/clock'
import { issueCertificates } from '../../../adapters/local/certificates'
import { Instance } from '../../../adapters/local/instance'
import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { openLink, type Link } from '../../../adapters/local/link'
import { postgresBinaries } from '../../../adapters/local/postgres-binaries'
import { incidentResponse } from '../../../adapters/local/incident-response'
import { databaseUser, newWorldFolder, ownedFolder, removeWorld } from '../../../adapters/local/scratch'
import { regionalSecrets } from '../../../adapters/local/regional-secrets'
import { openSecretStore, type SecretStore } from '../../../adapters/local/secret-store'
import { seedPrimary } from '../../../adapters/local/seed-primary'
import { endpointOf, planWorld, SUPERUSER, type WorldPlan } from '../../../adapters/local/world-plan'
import { worldPorts } from '../../../adapters/local/world-ports'
import { MemoryApplicationTier } from '../../../adapters/memory/application-tier'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { connect, destroy, withSession, type Endpoint } from '../../../adapters/postgres/connect'
import { grantLease } from '../../../adapters/postgres/guard'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import type { Ports } from '../../../core/ports'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { DataKeys } from '../../../core/ports/data-keys'
import type { InstanceRef } from '../../../core/ports/database'
import { startCoordination } from '../../../core/coordination/first-epoch'
import { refreshBaseline } from '../../../core/readiness/baseline'
import { resolvePolicy } from '../../../policy'
import { withFreePorts } from '../../setup/free-ports'

/** A real primary and its replica, without guards: nothing changes in it but what a test does. */
export interface Pair {
  readonly plan: WorldPlan
  readonly primary: InstanceRef
  readonly replica: InstanceRef
  readonly endpoints: { readonly primary: Endpoint; readonly replica: Endpoint }
  /** Paths the ports take; a cut one is silent. */
  readonly links: { readonly toPrimary: Link; readonly replication: Link; readonly toReplica: Link }
  readonly stores: { readonly recovery: ConditionalStore; readonly witness: ConditionalStore }
  readonly keys: DataKeys
  readonly ports: Ports
  readonly secrets: SecretStore
  /** Folder of the forensic copies. */
  readonly kept: string
  /** A session that takes no link. */
  session(node: 'primary' | 'replica', role?: string): Promise<Client>
  /** Whether the role can write to the node in a session of its own. */
  canWrite(node: 'primary' | 'replica', role: string): Promise<boolean>
  canLogIn(node: 'primary' | 'replica', role: string): Promise<boolean>
  remove(): Promise<void>
}

const PATIENTS = 200
const HOUR_MS = 3_600_000
/** Longest a call over a cut link takes, and still enough for a session on a busy machine. */
const DEADLINE_MS = 4000

export const startPair = (): Promise<Pair> => withFreePorts(startPairOnce)

async function startPairOnce(): Promise<Pair> {
  const folder = await newWorldFolder()
  const closers: (() => Promise<void>)[] = [() => removeWorld(folder)]
  const remove = async () => {
    for (const close of closers.toReversed()) await close()
  }
  try {
    return await build(folder, closers, remove)
  } catch (error) {
    await remove()
    throw error
  }
}

async function build(folder: string, closers: (() => Promise<void>)[], remove: () => Promise<void>): Promise<Pair> {
  const policy = resolvePolicy('test')
  const plan = await planWorld({ policy, rows: PATIENTS, replication: 'async' })
  const { primary: primaryName, replica: replicaName } = plan.endpointNames
  const { authority, servers } = await issueCertificates([primaryName, replicaName])
  const endpoints = {
    primary: endpointOf(primaryName, plan.ports.primary, authority),
    replica: endpointOf(replicaName, plan.ports.replica, authority),
  }
  const user = databaseUser()
  const archive = await ownedFolder(join(folder, 'archive'), user)
  const make = async (node: 'primary' | 'replica', server: number): Promise<Instance> => {
    const region = join(folder, node)
    await mkdir(region)
    await chmod(region, 0o711)
    return new Instance({
      name: plan.instances[node],
      folder: region,
      endpoint: endpoints[node],
      certificate: servers[server]!,
      archive,
      binaries: await postgresBinaries(),
      user,
      settings: { wal_receiver_timeout: "'3000ms'", wal_receiver_status_interval: '1' },
    })
  }
  const linkTo = async (port: number): Promise<Link> => {
    const link = await openLink(() => port)
    closers.push(() => link.close())
    return link
  }
  const links = {
    toPrimary: await linkTo(plan.ports.primary),
    replication: await linkTo(plan.ports.primary),
    toReplica: await linkTo(plan.ports.replica),
  }
  const source = await make('primary', 0)
  await source.initialize(plan.login(SUPERUSER))
  await source.start(plan.login(SUPERUSER))
  const keys = new KeyWrapping()
  const stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const { epoch } = await startCoordination(
    stores,
    { region: plan.regions.primary, instance: plan.instances.primary },
    async () => false,
  )
  const baseline = await seedPrimary(endpoints.primary, plan, PATIENTS, epoch)
  // No guard runs here.
  await withSession(endpoints.primary, plan.login(FENCE_ROLE), DEADLINE_MS, (client) => grantLease(client, 1, HOUR_MS))
  const copy = await make('replica', 1)
  await copy.copyFrom(source, plan.login(SUPERUSER), {
    endpoint: { ...endpoints.primary, port: links.replication.port },
    login: plan.login('replicator'),
  })
  await copy.start(plan.login(FENCE_ROLE))

  await refreshBaseline(stores.recovery, new Date(), 0, async () => ({
    tables: baseline.map((table) => ({ ...table })),
  }))
  const primary = { region: plan.regions.primary, instance: plan.instances.primary }
  const replica = { region: plan.regions.recovery, instance: plan.instances.replica }
  const { pace } = policy.rehearsal
  const toReplica = { ...endpoints.replica, port: links.toReplica.port }
  const viaLink = { ...endpoints.primary, port: links.toPrimary.port }
  const secretCopies = regionalSecrets(folder, plan.regions)
  const secrets = await openSecretStore(join(folder, 'secrets'), plan.login, plan.roles, secretCopies)
  const pathTo = ({ instance }: InstanceRef): Endpoint => (instance === primary.instance ? viaLink : endpoints.replica)
  const ports = worldPorts(
    {
      pace: { ...pace, fenceAttemptSeconds: DEADLINE_MS / 1000, lease: { ...pace.lease, durationSeconds: 60 } },
      tables: { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
      instances: [
        { ref: primary, from: [viaLink, viaLink] },
        { ref: replica, from: [toReplica, toReplica], source: primary.instance },
      ],
      stores,
      keys,
      artefacts: join(folder, 'artefacts'),
      application: new MemoryApplicationTier(systemClock, 0),
      secretCopies,
      incidentResponse: incidentResponse({
        session: (ref, work) => withSession(pathTo(ref), plan.login(FENCE_ROLE), 30_000, work),
        secrets,
        endpointOf: pathTo,
        deadlineMs: DEADLINE_MS,
        known: { logins: plan.roles, superusers: [SUPERUSER, FENCE_ROLE] },
        kept: join(folder, 'forensics'),
      }),
      resolver: { port: 9, servedName: plan.servedName, deadlineMs: DEADLINE_MS },
      login: plan.login,
      fenceRole: FENCE_ROLE,
      sessionDeadlineMs: DEADLINE_MS,
      withSession,
    },
    { append: () => Promise.reject(new Error('a pair keeps no evidence')) },
    { emit: () => undefined },
  )
  const session = async (node: 'primary' | 'replica', role = FENCE_ROLE): Promise<Client> => {
    const client = await connect(endpoints[node], plan.login(role), DEADLINE_MS)
    closers.push(async () => destroy(client))
    return client
  }
  const can = async (node: 'primary' | 'replica', role: string, statement: string): Promise<boolean> => {
    let client: Client | undefined
    try {
      client = await connect(endpoints[node], plan.login(role), DEADLINE_MS)
      await client.query(statement)
      return true
    } catch {
      return false
    } finally {
      destroy(client)
    }
  }
  const canWrite: Pair['canWrite'] = (node, role) => can(node, role, WRITE_OF_NO_ROW)
  const canLogIn: Pair['canLogIn'] = (node, role) => can(node, role, 'select')
  return {
    plan,
    primary,
    replica,
    endpoints,
    links,
    stores,
    keys,
    ports,
    secrets,
    kept: join(folder, 'forensics'),
    session,
    canWrite,
    canLogIn,
    remove,
  }
}

/** Meets everything a real write meets, and changes no content. */
export const WRITE_OF_NO_ROW = 'update clinic.patients set phone = phone where false'

import { randomBytes } from 'node:crypto'
import { withRecoveryRegion, type Policy, type TwoRegionPolicy } from '../../core/policy'
import type { InstanceRef } from '../../core/ports/database'
import { UserError } from '../../core/user-error'
import type { Endpoint, Login } from '../postgres/connect'
import { APPLICATION_ROLES } from '../postgres/clinic-schema'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { freePorts } from './loopback'
import type { PagedStore } from './store-server'

export interface WorldOptions {
  readonly policy: Policy
  /** Patients to seed; about eight rows each over all tables. */
  readonly rows: number
  readonly replication: 'sync' | 'async'
  /** Whether a commit waits for the standby in the other zone, as on RDS. @default async */
  readonly zone?: 'sync' | 'async'
  /** Whether the primary is backed up at the start, so that a moment after it can be restored. @default false */
  readonly backups?: boolean
  /** Whether the clinic has programs for its application, settings and assets, or a stand-in. @default stand-in */
  readonly clinic?: 'programs' | 'stand-in'
  /**
   * From one region to the other, for replication, copies and clients; milliseconds. Health checks, fencing and coordination
   * know no distance: their deadlines are those of the rehearsal, far shorter than production's. @default 0
   */
  readonly oneWayMs?: number
  /**
   * Minor version that its servers run, so that a newer one is there to patch them with; the newest where none is installed of
   * that version. @default the newest
   */
  readonly minor?: string
  /** What of the world stands elsewhere. @default nothing: it is whole on this machine */
  readonly outside?: Outside
}

/** What of a world something else provides, such as emulated AWS services. */
export interface Outside {
  readonly instances: WorldPlan['instances']
  /** Name of the database that what stands elsewhere asks for. */
  readonly database: string
  /** Where the two places keep what they coordinate by. */
  readonly stores: Readonly<Record<'recovery' | 'witness', PagedStore>>
  /** Region that the served name leads to; undefined while that is not known. */
  readonly servedRegion: () => Promise<string | undefined>
}

/**
 * Where the instances belong that a world has certificates for besides those it starts with: one rebuilt and two restored in the
 * primary region, one rebuilt in the other.
 */
const SPARES = ['primary', 'primary', 'primary', 'recovery'] as const

export const SUPERUSER = 'postgres'
/** The database that every new cluster has. */
export const DATABASE = 'postgres'

/** Names, ports and passwords of one world, chosen before anything is started. */
export interface WorldPlan {
  readonly regions: TwoRegionPolicy['topology']['regions']
  readonly instances: { readonly primary: string; readonly replica: string }
  readonly servedName: string
  /** Zones of the primary region: the one that serves at first, and the standby's. */
  readonly zones: { readonly serving: string; readonly standby: string }
  readonly endpointNames: { readonly primary: string; readonly replica: string }
  /** Instances that a running world may still get, each in its region, by their generation. */
  readonly spares: readonly { readonly ref: InstanceRef; readonly endpointName: string }[]
  readonly ports: { readonly primary: number; readonly zone: number; readonly replica: number }
  readonly login: (role: string) => Login
  /** The database's roles that serve clients, in the order they are shown. */
  readonly roles: readonly string[]
}

export async function planWorld({ policy, outside }: WorldOptions): Promise<WorldPlan> {
  const { regions, instances, availabilityZones } = withRecoveryRegion(policy).topology
  const generation = (role: 'primary' | 'replica') =>
    instances.find((instance) => instance.role === role)?.generation ?? 0
  const name = (role: 'primary' | 'replica') =>
    outside?.instances[role] ?? `${policy.application}-rehearsal-g${generation(role)}`
  const roles = [...APPLICATION_ROLES, SUPERUSER, 'replicator']
  const newest = Math.max(...instances.map(({ generation: number }) => number))
  const [serving, standby] = availabilityZones.primary
  if (serving === undefined || standby === undefined)
    throw new UserError(
      'ZONE_MISSING',
      'a rehearsal needs two zones in the primary region, and the policy names fewer',
      'name a second zone in topology.availabilityZones.primary',
    )
  const secret = randomBytes(24).toString('hex')
  const [primary, zone, replica] = await freePorts(3)
  return {
    regions,
    instances: { primary: name('primary'), replica: name('replica') },
    servedName: `${policy.dns.databaseName}.rehearsal.localhost`,
    zones: { serving, standby },
    endpointNames: {
      primary: endpointName(name('primary'), regions.primary),
      replica: endpointName(name('replica'), regions.recovery),
    },
    spares: SPARES.map((place, at) => {
      const ref = { region: regions[place], instance: `${policy.application}-rehearsal-g${newest + 1 + at}` }
      return { ref, endpointName: endpointName(ref.instance, ref.region) }
    }),
    ports: { primary: primary!, zone: zone!, replica: replica! },
    login: (role) => ({ user: role, password: `${role}-${secret}` }),
    roles: [...roles, FENCE_ROLE],
  }
}

const endpointName = (instance: string, region: string) => `${instance}.${region}.db.localhost`

export const endpointOf = (name: string, port: number, authority: string, database = DATABASE): Endpoint => ({
  name,
  host: '127.0.0.1',
  port,
  database,
  authority,
})

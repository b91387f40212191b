import { randomBytes } from 'node:crypto'
import { withRecoveryRegion, type Policy, type TwoRegionPolicy } from '../../core/policy'
import type { Endpoint, Login } from '../postgres/connect'
import { APPLICATION_ROLES } from '../postgres/clinic-schema'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { freePort } from './loopback'
import type { PagedStore } from './store-server'

export interface WorldOptions {
  readonly policy: Policy
  /** Patients to seed; about eight rows each over all tables. */
  readonly rows: number
  readonly replication: 'sync' | 'async'
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

export const SUPERUSER = 'postgres'
/** The database that every new cluster has. */
export const DATABASE = 'postgres'

/** Names, ports and passwords of one world, chosen before anything is started. */
export interface WorldPlan {
  readonly regions: TwoRegionPolicy['topology']['regions']
  readonly instances: { readonly primary: string; readonly replica: string }
  readonly servedName: string
  readonly endpointNames: { readonly primary: string; readonly zone: string; readonly replica: string }
  readonly ports: { readonly primary: number; readonly zone: number; readonly replica: number }
  readonly login: (role: string) => Login
  /** The database's roles that serve clients, in the order they are shown. */
  readonly roles: readonly string[]
}

export async function planWorld({ policy, outside }: WorldOptions): Promise<WorldPlan> {
  const { regions, instances } = withRecoveryRegion(policy).topology
  const generation = (role: 'primary' | 'replica') =>
    instances.find((instance) => instance.role === role)?.generation ?? 0
  const name = (role: 'primary' | 'replica') =>
    outside?.instances[role] ?? `${policy.application}-rehearsal-g${generation(role)}`
  const roles = [...APPLICATION_ROLES, SUPERUSER, 'replicator']
  const secret = randomBytes(24).toString('hex')
  return {
    regions,
    instances: { primary: name('primary'), replica: name('replica') },
    servedName: `${policy.dns.databaseName}.rehearsal.localhost`,
    endpointNames: {
      primary: `${name('primary')}.${regions.primary}.db.localhost`,
      zone: `${name('primary')}-zone.${regions.primary}.db.localhost`,
      replica: `${name('replica')}.${regions.recovery}.db.localhost`,
    },
    ports: { primary: await freePort(), zone: await freePort(), replica: await freePort() },
    login: (role) => ({ user: role, password: `${role}-${secret}` }),
    roles: [...roles, FENCE_ROLE],
  }
}

export const endpointOf = (name: string, port: number, authority: string, database = DATABASE): Endpoint => ({
  name,
  host: '127.0.0.1',
  port,
  database,
  authority,
})

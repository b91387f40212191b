import { randomBytes } from 'node:crypto'
import { withRecoveryRegion, type Policy, type TwoRegionPolicy } from '../../core/policy'
import type { Endpoint, Login } from '../postgres/connect'
import { APPLICATION_ROLES } from '../postgres/clinic-schema'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { freePort } from './loopback'

export interface WorldOptions {
  readonly policy: Policy
  /** Patients to seed; about eight rows each over all tables. */
  readonly rows: number
  readonly replication: 'sync' | 'async'
}

export const SUPERUSER = 'postgres'
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

export async function planWorld({ policy }: WorldOptions): Promise<WorldPlan> {
  const { regions, instances } = withRecoveryRegion(policy).topology
  const generation = (role: 'primary' | 'replica') =>
    instances.find((instance) => instance.role === role)?.generation ?? 0
  const name = (role: 'primary' | 'replica') => `${policy.application}-rehearsal-g${generation(role)}`
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

export const endpointOf = (name: string, port: number, authority: string): Endpoint => ({
  name,
  host: '127.0.0.1',
  port,
  database: DATABASE,
  authority,
})

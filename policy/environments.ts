import type { Policy } from '../core/policy'

/** What differs from production, and nothing else. Objects are merged, lists and values replaced. */
export type Overlay = {
  readonly [K in keyof Policy]?: Policy[K] extends readonly unknown[]
    ? Policy[K]
    : Policy[K] extends object
      ? DeepPartial<Policy[K]>
      : Policy[K]
}
type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T

export const OVERLAYS: Readonly<Record<Policy['environment'], Overlay>> = {
  production: {},
  staging: {
    environment: 'staging',
    topology: {
      accountId: '222233334444',
      network: {
        primary: { mode: 'create', cidr: '10.30.0.0/20' },
        recovery: { mode: 'create', cidr: '10.31.0.0/20' },
      },
    },
    database: { instanceClass: 't4g.large', storageGigabytes: 50, sizeGigabytes: 20 },
    operations: { alarms: { slotLagGigabytes: 5, logDiskGigabytes: 10 } },
    dns: {
      zoneName: 'staging.neonpro.healthcare',
      apiTargets: {
        primary: 'primary.api.staging.neonpro.healthcare',
        recovery: 'recovery.api.staging.neonpro.healthcare',
      },
    },
    // Waiting for a person counts: the default of 15 minutes would break the hour for critical services.
    failover: { operation: 'approval', approvalExpiresSeconds: 300 },
  },
  test: {
    environment: 'test',
    topology: {
      accountId: '333344445555',
      network: {
        primary: { mode: 'create', cidr: '10.40.0.0/20' },
        recovery: { mode: 'create', cidr: '10.41.0.0/20' },
      },
    },
    database: { instanceClass: 't4g.medium', storageGigabytes: 20, sizeGigabytes: 5 },
    operations: { alarms: { slotLagGigabytes: 2, logDiskGigabytes: 5 } },
    dns: {
      zoneName: 'test.neonpro.healthcare',
      apiTargets: {
        primary: 'primary.api.test.neonpro.healthcare',
        recovery: 'recovery.api.test.neonpro.healthcare',
      },
    },
  },
}

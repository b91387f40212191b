import { archivedClasses, archivedTables } from '../../archive/classes'
import type { Policy } from '../../policy'
import { bucketStores } from '../../policy/bucket-stores'
import { servingGeneration } from '../../policy/serving'
import { hasRecoveryRegion } from '../../policy/two-regions'
import { bucketName, databaseName, namePrefix } from '../../policy/names'
import { worstGapHours } from '../../policy/schedule'
import type { HeldUnder, VaultKind } from '../../ports/recovery-points'

export type DataRole = Policy['topology']['active']

/** Backups of one thing that a region has to hold in one vault. */
export interface ExpectedHistory {
  /** Physical name of what is backed up. */
  readonly resource: string
  readonly vault: VaultKind
  /** How old the newest completed one may be; left out for a continuous backup, which is one point that moves. */
  readonly newestWithinMinutes?: number
  readonly key: HeldUnder
  /** How long a rule of the plans keeps one; days. */
  readonly keptDays: readonly number[]
}

export interface ExpectedLock {
  readonly vault: VaultKind
  /** Null where the policy leaves the vault open, with its reason. */
  readonly lock: { readonly minDays: number; readonly maxDays: number } | null
}

/** What the daily checks hold a region to; every number of it is the policy's. */
export interface Expectations {
  readonly region: string
  readonly role: DataRole
  readonly histories: readonly ExpectedHistory[]
  readonly locks: readonly ExpectedLock[]
  /** Days from one backup to the next at the very most, once its windows are over. */
  readonly longestGapHours: number
  /** The database that writes here, and how far behind its newest restorable moment may be. */
  readonly writer?: {
    readonly instance: string
    readonly restorableWithinSeconds: number
    readonly reachesDays: number
  }
  /** The replica here, and how far behind its source it may be. */
  readonly replica?: { readonly instance: string; readonly behindSeconds: number }
  /** What the names of our buckets in the region begin and end with, and the one that deployments come from. */
  readonly buckets: { readonly prefix: string; readonly suffix: string; readonly ofDeployments: string }
  readonly archivedClasses: number
  readonly oldestEnvironmentMinutes: number
  readonly configurationCopySeconds: number
  readonly capacity: Policy['verification']['daily']['capacity']
}

const minutesOf = (hours: number): number => hours * 60

/** Of a data region. Throws for a role that the topology does not have. */
export function expectationsOf(policy: Policy, role: DataRole): Expectations {
  const { backup, topology, mechanisms, verification, configuration, pace } = policy
  const region = regionOf(policy, role)
  const active = topology.active === role
  const served = servingGeneration(topology, topology.active)
  const own = servingGeneration(topology, role)
  const gapHours = worstGapHours(backup.schedule.cron, backup.schedule.timeZone)
  return {
    region,
    role,
    histories: [
      ...(served === undefined ? [] : ofDatabase(policy, role, databaseName(policy, served), minutesOf(gapHours))),
      ...bucketStores(policy).flatMap(({ kind, store }) =>
        ofBucket(policy, bucketName(policy, kind, region), [store], minutesOf(gapHours)),
      ),
    ],
    locks: locksOf(policy),
    longestGapHours: gapHours + (backup.schedule.startWindowMinutes + backup.schedule.completionWindowMinutes) / 60,
    ...(active &&
      served !== undefined && {
        writer: {
          instance: databaseName(policy, served),
          // One log is being written, the one before is on its way.
          restorableWithinSeconds: 2 * mechanisms.pointInTimeLogSeconds,
          reachesDays: backup.pointInTimeRetentionDays,
        },
      }),
    ...(!active &&
      own !== undefined &&
      mechanisms.replica.mode === 'cross-region' && {
        replica: {
          instance: databaseName(policy, own),
          // The guard writes a heartbeat at every renewal, so that one may be that much older than the lag alone.
          behindSeconds: mechanisms.replica.lagAlarmSeconds + pace.lease.renewEverySeconds,
        },
      }),
    buckets: {
      prefix: `${namePrefix(policy)}-`,
      suffix: `-${topology.accountId}-${region}`,
      // https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
      ofDeployments: `cdk-${topology.bootstrapQualifier}-assets-${topology.accountId}-${region}`,
    },
    archivedClasses: archivedClasses(policy).filter((name) => archivedTables(policy, name).length > 0).length,
    // One that runs late counts once the next one is due.
    oldestEnvironmentMinutes: 2 * configuration.backupEveryMinutes,
    configurationCopySeconds: mechanisms.configurationCopySeconds,
    capacity: verification.daily.capacity,
  }
}

function regionOf({ topology }: Policy, role: DataRole): string {
  const regions: Partial<Record<DataRole, string>> = topology.regions
  const region = regions[role]
  if (!region) throw new Error(`the topology '${topology.preset}' has no ${role} region`)
  return region
}

function ofDatabase(policy: Policy, role: DataRole, resource: string, gapMinutes: number): ExpectedHistory[] {
  const { startWindowMinutes, completionWindowMinutes } = policy.backup.schedule
  const tables = policy.stores.filter(({ kind }) => kind === 'table')
  const backedUp = gapMinutes + startWindowMinutes + completionWindowMinutes
  if (policy.topology.active !== role)
    return policy.backup.geoRedundancy.mode === 'single-region' || !hasRecoveryRegion(policy)
      ? []
      : [
          {
            resource,
            vault: 'copies',
            // A copy begins when its backup has ended, and is given as long as that.
            newestWithinMinutes: backedUp + completionWindowMinutes,
            key: 'backup',
            keptDays: keptDays(policy, tables),
          },
        ]
  return [
    {
      resource,
      vault: 'snapshots',
      newestWithinMinutes: backedUp,
      key: 'database',
      keptDays: keptDays(policy, tables),
    },
    { resource, vault: 'pitr', key: 'database', keptDays: [policy.backup.pointInTimeRetentionDays] },
  ]
}

/** The bucket of a region is backed up there, whichever of the two is written to. */
function ofBucket(policy: Policy, resource: string, stores: Policy['stores'], gapMinutes: number): ExpectedHistory[] {
  const { startWindowMinutes, bucketCompletionWindowMinutes } = policy.backup.schedule
  return [
    {
      resource,
      vault: 'snapshots',
      newestWithinMinutes: gapMinutes + startWindowMinutes + bucketCompletionWindowMinutes,
      key: 'backup',
      keptDays: keptDays(policy, stores),
    },
    { resource, vault: 'pitr', key: 'backup', keptDays: [policy.backup.pointInTimeRetentionDays] },
  ]
}

/** The daily snapshots and every tier that one of the stores needs. */
function keptDays({ backup }: Policy, stores: Policy['stores']): number[] {
  const tiers = backup.longTermTiers.filter(({ dataClasses }) =>
    stores.some(({ dataClass }) => dataClasses.includes(dataClass)),
  )
  return [backup.snapshotRetentionDays, ...tiers.map(({ retentionDays }) => retentionDays)]
}

function locksOf({ backup }: Policy): ExpectedLock[] {
  const { pointInTime, snapshots, copies } = backup.vaults
  const of = (vault: VaultKind, { lock }: typeof snapshots): ExpectedLock => ({
    vault,
    lock: lock.mode === 'none' ? null : { minDays: lock.minRetentionDays, maxDays: lock.maxRetentionDays },
  })
  return [
    of('pitr', pointInTime),
    of('snapshots', snapshots),
    ...(backup.geoRedundancy.mode === 'multi-region' ? [of('copies', copies)] : []),
  ]
}

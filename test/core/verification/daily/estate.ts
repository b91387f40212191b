import type { DataClass } from '../../../../core/ports/archive-disposal'
import type { DataHolder, RecoveryPoint, Vault, VaultKind } from '../../../../core/ports/recovery-points'
import type { RestoreWindow } from '../../../../core/ports/restore'
import type { StorageUse } from '../../../../core/ports/storage-use'
import type { Policy } from '../../../../core/policy'
import { bucketName } from '../../../../core/policy/names'
import { archivedClasses, archivedTables } from '../../../../core/archive/classes'
import { expectationsOf, type DataRole } from '../../../../core/verification/daily/expectations'
import type { ReplicationSeen } from '../../../../core/verification/daily/facts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const GIGABYTE = 1024 ** 3

/** What one region holds, in plain words: each adapter under test makes the same of it, and a situation changes it first. */
export interface Estate {
  readonly now: Date
  vaults: Partial<Record<VaultKind, Vault>>
  points: Record<VaultKind, RecoveryPoint[]>
  databases: DataHolder[]
  window?: RestoreWindow
  replication: { receives: ReplicationSeen['receives']; heartbeatAt?: string }
  /** Classes whose last dump is whole in the archive. */
  dumps: DataClass[]
  /** Age of the newest copy of the code; hours. Left out: there is none. */
  codeHours?: number
  codeSignedBy: 'us' | 'somebody'
  /** Regions whose copies hold the present version of the one setting. */
  settingHeldBy: string[]
  settingAgeHours: number
  /** Age of the newest backup of the environment; hours. Left out: there is none. */
  environmentHours?: number
  environmentDamaged: boolean
  storage?: StorageUse
}

/** Of a region in which nothing is wrong. */
export function healthyEstate(policy: Policy, role: DataRole, now: Date): Estate {
  const expected = expectationsOf(policy, role)
  const points: Estate['points'] = { pitr: [], snapshots: [], copies: [] }
  for (const { resource, vault, keptDays, key, newestWithinMinutes } of expected.histories) {
    const made = (daysAgo: number, days: number): RecoveryPoint => {
      const createdMs = now.getTime() - daysAgo * DAY_MS - 3 * HOUR_MS
      return {
        id: `${vault}-${resource}-${String(daysAgo).padStart(3, '0')}`,
        resource,
        state: 'completed',
        createdAt: new Date(createdMs).toISOString(),
        completedAt: new Date(createdMs + HOUR_MS).toISOString(),
        key,
        keptDays: days,
        ...(newestWithinMinutes !== undefined && { endsAt: new Date(createdMs + days * DAY_MS).toISOString() }),
        bytes: 5 * GIGABYTE,
      }
    }
    // A continuous backup is one point that began long ago.
    if (newestWithinMinutes === undefined) points[vault].push(made(30, keptDays[0]!))
    else {
      for (let daysAgo = 0; daysAgo < 30; daysAgo += 1)
        points[vault].push(made(daysAgo, daysAgo % 7 === 6 ? keptDays.at(-1)! : keptDays[0]!))
    }
  }
  const replica = expected.replica?.instance
  return {
    now,
    vaults: Object.fromEntries(expected.locks.map(({ vault, lock }) => [vault, { lock, key: 'backup' as const }])),
    points,
    databases: [
      ...(expected.writer ? [{ name: expected.writer.instance, role: 'writer' as const }] : []),
      ...(replica === undefined ? [] : [{ name: replica, role: 'replica' as const }]),
      { name: 'awsbackup-restore-test-4f2c', role: 'test-copy' as const },
      { name: bucketName(policy, 'evidence', expected.region), role: 'bucket' as const },
      { name: expected.buckets.ofDeployments, role: 'bucket' as const },
    ],
    ...(expected.writer && {
      window: {
        earliest: new Date(now.getTime() - 34.5 * DAY_MS).toISOString(),
        latest: new Date(now.getTime() - 240_000).toISOString(),
      },
      storage: storageOf(now, (daysAgo) => 50 + (20 - daysAgo) * 0.1),
    }),
    replication: { receives: 'up', heartbeatAt: new Date(now.getTime() - 5000).toISOString() },
    dumps: archivedClasses(policy).filter((name) => archivedTables(policy, name).length > 0),
    codeHours: 12,
    codeSignedBy: 'us',
    settingHeldBy: Object.values(policy.topology.regions),
    settingAgeHours: 48,
    environmentHours: 3,
    environmentDamaged: false,
  }
}

/** 200 GB of which an amount was used on each of the last twenty days; gigabytes. */
export const storageOf = (now: Date, usedGigabytes: (daysAgo: number) => number): StorageUse => ({
  allocatedBytes: 200 * GIGABYTE,
  history: Array.from({ length: 20 }, (_, at) => 19 - at).map((daysAgo) => ({
    at: new Date(now.getTime() - daysAgo * DAY_MS).toISOString(),
    bytes: Math.round(usedGigabytes(daysAgo) * GIGABYTE),
  })),
})

import type { RecoveryPoint, VaultKind } from '../../../../core/ports/recovery-points'
import type { DataRole } from '../../../../core/verification/daily/expectations'
import type { DailyFindingCode } from '../../../../core/verification/daily/findings'
import type { DailyCheckName } from '../../../../core/verification/daily/judges'
import { storageOf, type Estate } from './estate'

const DAY_MS = 86_400_000

/** One thing that is wrong in a region, and the one check that has to say so. */
export interface Situation {
  readonly name: string
  readonly role: DataRole
  readonly plant: (estate: Estate) => void
  readonly check: DailyCheckName
  readonly code: DailyFindingCode
}

const primary = (
  name: string,
  check: DailyCheckName,
  code: DailyFindingCode,
  plant: Situation['plant'],
): Situation => ({ name, role: 'primary', plant, check, code })
const recovery = (...args: Parameters<typeof primary>): Situation => ({ ...primary(...args), role: 'recovery' })

const isDatabase = ({ resource }: RecoveryPoint) => resource.includes('-db-g')
const change =
  (vault: VaultKind, at: (point: RecoveryPoint, position: number) => RecoveryPoint | undefined) =>
  (estate: Estate): void => {
    let position = 0
    estate.points[vault] = estate.points[vault].flatMap((point) => {
      if (!isDatabase(point)) return [point]
      const changed = at(point, position++)
      return changed ? [changed] : []
    })
  }
/** The newest recovery point of the database. */
const changeOne = (vault: VaultKind, to: Partial<RecoveryPoint>) =>
  change(vault, (point, at) => (at === 0 ? { ...point, ...to } : point))

/** Every situation there is: each code of finding at least once. */
export const SITUATIONS: readonly Situation[] = [
  primary('no snapshot of the database', 'completion', 'never-backed-up', (estate) => {
    change('snapshots', () => undefined)(estate)
  }),
  primary(
    'no backup for three days',
    'completion',
    'backup-too-old',
    change('snapshots', (p, at) => (at < 3 ? undefined : p)),
  ),
  primary('a partial backup', 'completion', 'backup-partial', changeOne('snapshots', { state: 'partial' })),
  recovery(
    'no copy of the database',
    'copies',
    'never-copied',
    change('copies', () => undefined),
  ),
  recovery(
    'no copy for three days',
    'copies',
    'copy-too-old',
    change('copies', (p, at) => (at < 3 ? undefined : p)),
  ),
  primary('a recovery point that lies open', 'encryption', 'not-encrypted', changeOne('snapshots', { key: 'nothing' })),
  recovery('a copy under a foreign key', 'encryption', 'foreign-key', changeOne('copies', { key: 'foreign' })),
  primary('a recovery point that is kept a week', 'lifecycle', 'wrong-retention', (estate) => {
    change('snapshots', (p, at) =>
      at === 0 ? { ...p, keptDays: 7, endsAt: new Date(Date.parse(p.createdAt) + 7 * DAY_MS).toISOString() } : p,
    )(estate)
  }),
  primary(
    'a recovery point that goes to cold storage',
    'lifecycle',
    'in-cold-storage',
    changeOne('snapshots', { coldAfterDays: 1 }),
  ),
  primary('an end that was moved forward', 'early-end', 'ends-early', (estate) => {
    changeOne('snapshots', { endsAt: new Date(estate.now.getTime() + DAY_MS).toISOString() })(estate)
  }),
  primary(
    'a recovery point that was ended',
    'early-end',
    'ends-early',
    change('snapshots', (p, at) => (at === 5 ? { ...p, state: 'lost' } : p)),
  ),
  recovery(
    'a week without copies',
    'early-end',
    'history-has-a-gap',
    change('copies', (p, at) => (at > 2 && at < 10 ? undefined : p)),
  ),
  primary('a vault that is gone', 'vault-locks', 'vault-missing', (estate) => {
    delete estate.vaults.copies
  }),
  recovery('a vault without a lock', 'vault-locks', 'vault-open', (estate) => {
    estate.vaults.copies = { lock: null, key: 'backup' }
  }),
  primary('a lock that lets a day through', 'vault-locks', 'lock-weaker', (estate) => {
    estate.vaults.snapshots = { lock: { minDays: 1, maxDays: 400 }, key: 'backup' }
  }),
  primary('a database without a history', 'restorable-time', 'no-history', (estate) => {
    delete estate.window
  }),
  primary('a log that is not shipped', 'restorable-time', 'restorable-too-old', (estate) => {
    estate.window = { ...estate.window!, latest: new Date(estate.now.getTime() - 3_600_000).toISOString() }
  }),
  primary('a history that was cut short', 'restorable-time', 'history-too-short', (estate) => {
    estate.window = { ...estate.window!, earliest: new Date(estate.now.getTime() - 2 * DAY_MS).toISOString() }
  }),
  recovery('a receiver that hears nothing', 'replication', 'replica-silent', (estate) => {
    estate.replication.receives = 'down'
  }),
  recovery('a replica that lags', 'replication', 'replica-behind', (estate) => {
    estate.replication.heartbeatAt = new Date(estate.now.getTime() - 600_000).toISOString()
  }),
  recovery('a replica without a heartbeat', 'replication', 'heartbeat-missing', (estate) => {
    delete estate.replication.heartbeatAt
  }),
  recovery('a class without its dump', 'archive', 'dump-late', (estate) => {
    estate.dumps = estate.dumps.slice(1)
  }),
  primary('an old copy of the code', 'code', 'code-unsound', (estate) => {
    estate.codeHours = 72
  }),
  recovery('a copy of the code that somebody signed', 'code', 'code-unsound', (estate) => {
    estate.codeSignedBy = 'somebody'
  }),
  primary('a setting that did not reach the other region', 'configuration', 'settings-not-copied', (estate) => {
    estate.settingHeldBy = estate.settingHeldBy.slice(0, 1)
  }),
  primary('no backup of the environment', 'environment-backup', 'environment-not-backed-up', (estate) => {
    delete estate.environmentHours
  }),
  recovery('an old backup of the environment', 'environment-backup', 'environment-not-backed-up', (estate) => {
    estate.environmentHours = 48
  }),
  recovery(
    'a backup of the environment that does not open',
    'environment-backup',
    'environment-not-opened',
    (estate) => {
      estate.environmentDamaged = true
    },
  ),
  primary('a storage that grows', 'capacity', 'storage-full-soon', (estate) => {
    estate.storage = storageOf(estate.now, (daysAgo) => 190 - 5 * daysAgo)
  }),
  primary('recovery points that grow', 'capacity', 'budget-used-soon', (estate) => {
    change('snapshots', (p) => ({ ...p, bytes: 900 * 1024 ** 3 }))(estate)
  }),
  recovery('a database that nobody declared', 'coverage', 'unprotected', (estate) => {
    estate.databases.push({ name: 'somebody-elses', role: 'writer' })
  }),
  primary('a bucket that nobody declared', 'coverage', 'unprotected-bucket', (estate) => {
    estate.databases.push({ name: 'somebody-elses-files', role: 'bucket' })
  }),
]

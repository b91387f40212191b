import { IRREVERSIBLE } from '../irreversible'
import { rule, when, type Rules } from './rule'

const pointInTimeLockAcceptsItsBackups = rule(
  'a lock never makes a continuous backup fail',
  ['backup.vaults.pointInTime.lock', 'backup.pointInTimeRetentionDays'],
  ({ backup: { vaults, pointInTimeRetentionDays } }) => {
    const { lock } = vaults.pointInTime
    if (lock.mode === 'none') return []
    return when(
      pointInTimeRetentionDays < lock.minRetentionDays || pointInTimeRetentionDays > lock.maxRetentionDays,
      'backup.vaults.pointInTime.lock',
      `accepts ${lock.minRetentionDays} to ${lock.maxRetentionDays} days, continuous backups are kept ${pointInTimeRetentionDays}; such backups fail`,
      'widen the lock, or use another vault',
    )
  },
)

const snapshotLocksAcceptSnapshots = rule(
  'a lock accepts the retention of what goes into its vault',
  ['backup.vaults.snapshots.lock', 'backup.vaults.copies.lock', 'backup.snapshotRetentionDays'],
  ({ backup: { vaults, snapshotRetentionDays } }) =>
    (['snapshots', 'copies'] as const).flatMap((name) => {
      const { lock } = vaults[name]
      if (lock.mode === 'none') return []
      return when(
        snapshotRetentionDays < lock.minRetentionDays || snapshotRetentionDays > lock.maxRetentionDays,
        `backup.vaults.${name}.lock`,
        `accepts ${lock.minRetentionDays} to ${lock.maxRetentionDays} days, snapshots are kept ${snapshotRetentionDays}`,
        'widen the lock or change the retention',
      )
    }),
)

const complianceLockIsAcknowledged = rule(
  'nothing irreversible happens by a typo',
  ['backup.vaults', 'evidence.lock', 'code.lock', 'configuration.lock', 'archive.classes'],
  ({ backup: { vaults }, evidence, code, configuration, archive }) =>
    [
      ...VAULTS.map((name) => [`backup.vaults.${name}.lock`, vaults[name].lock] as const),
      ['evidence.lock', evidence.lock] as const,
      ['code.lock', code.lock] as const,
      ['configuration.lock', configuration.lock] as const,
      ...Object.entries(archive.classes).flatMap(([name, archived]) =>
        archived.mode === 'archive' ? [[`archive.classes.${name}.lock`, archived.lock] as const] : [],
      ),
    ].flatMap(([path, lock]) =>
      when(
        lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE,
        `${path}.irreversibleAcknowledgement`,
        'does not accept what cannot be undone',
        `write exactly '${IRREVERSIBLE}'`,
      ),
    ),
)

const VAULTS = ['pointInTime', 'snapshots', 'copies'] as const

export const lockRules: Rules = {
  pointInTimeLockAcceptsItsBackups,
  snapshotLocksAcceptSnapshots,
  complianceLockIsAcknowledged,
}

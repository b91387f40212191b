import { fromAwsCron, runsOn, worstGapHours } from '../schedule'
import { when, type Rule } from './rule'

/** AWS Backup and RDS keep continuous backups at most this long (AWS Backup developer guide, point-in-time recovery). */
const POINT_IN_TIME_MAX_DAYS = 35
/** The sentence that must be typed to accept a compliance lock, which nobody can undo after its grace time. */
export const IRREVERSIBLE = 'I accept that this lock can never be removed'
const VAULTS = ['pointInTime', 'snapshots', 'copies'] as const

export const backupRules: readonly Rule[] = [
  {
    id: 'scheduleIsReadable',
    promise: 'the schedule fires when it says',
    reads: ['backup.schedule.cron'],
    check: ({ backup: { schedule } }) => {
      try {
        fromAwsCron(schedule.cron)
        return []
      } catch (error) {
        return when(
          true,
          'backup.schedule.cron',
          error instanceof Error ? error.message : String(error),
          'write it as cron(0 2 * * ? *)',
        )
      }
    },
  },
  {
    id: 'backupIsDaily',
    promise: 'no two backups are more than a day apart, all year',
    reads: ['backup.schedule.cron', 'backup.schedule.timeZone'],
    check: ({ backup: { schedule } }) => {
      const gap = safely(() => worstGapHours(schedule.cron, schedule.timeZone))
      return when(
        gap === undefined || gap > 25,
        'backup.schedule.cron',
        gap === undefined ? `does not fire in zone '${schedule.timeZone}'` : `leaves ${gap} hours between two backups`,
        'run it every day',
      )
    },
  },
  {
    id: 'pointInTimeWithinServiceLimit',
    promise: 'point-in-time recovery reaches as far as stated',
    reads: ['backup.pointInTimeRetentionDays'],
    check: ({ backup }) =>
      when(
        backup.pointInTimeRetentionDays > POINT_IN_TIME_MAX_DAYS,
        'backup.pointInTimeRetentionDays',
        `is ${backup.pointInTimeRetentionDays}`,
        `use at most ${POINT_IN_TIME_MAX_DAYS}; older days are covered by snapshots`,
      ),
  },
  {
    id: 'snapshotsKeptNinetyDays',
    promise: 'snapshots are kept for the 90 days of the procedure',
    reads: ['backup.snapshotRetentionDays'],
    check: ({ backup }) =>
      when(
        backup.snapshotRetentionDays < 90,
        'backup.snapshotRetentionDays',
        `is ${backup.snapshotRetentionDays}`,
        'keep at least 90',
      ),
  },
  {
    id: 'snapshotsOutlivePointInTime',
    promise: 'there is no gap behind the point-in-time window',
    reads: ['backup.snapshotRetentionDays', 'backup.pointInTimeRetentionDays'],
    check: ({ backup }) =>
      when(
        backup.snapshotRetentionDays <= backup.pointInTimeRetentionDays,
        'backup.snapshotRetentionDays',
        `is ${backup.snapshotRetentionDays}, not more than the point-in-time window`,
        'keep snapshots longer',
      ),
  },
  {
    id: 'databaseHasNoColdStorage',
    promise: 'no lifecycle is declared that AWS silently ignores',
    reads: ['backup.coldStorageAfterDays', 'stores'],
    check: ({ backup, stores }) =>
      when(
        backup.coldStorageAfterDays !== 'never' && stores.some((s) => s.kind === 'table'),
        'backup.coldStorageAfterDays',
        `is ${backup.coldStorageAfterDays}, but RDS backups cannot move to cold storage`,
        "use 'never'",
      ),
  },
  {
    id: 'pointInTimeLockAcceptsItsBackups',
    promise: 'a lock never makes a continuous backup fail',
    reads: ['backup.vaults.pointInTime.lock', 'backup.pointInTimeRetentionDays'],
    check: ({ backup }) => {
      const { lock } = backup.vaults.pointInTime
      return when(
        lock.mode !== 'none' && lock.minRetentionDays > backup.pointInTimeRetentionDays,
        'backup.vaults.pointInTime.lock.minRetentionDays',
        `is ${'minRetentionDays' in lock ? lock.minRetentionDays : ''}, above the ${backup.pointInTimeRetentionDays} days continuous backups are kept; such backups fail`,
        'lower it, or use another vault',
      )
    },
  },
  {
    id: 'snapshotLocksAcceptSnapshots',
    promise: 'a lock accepts the retention of what goes into its vault',
    reads: ['backup.vaults.snapshots.lock', 'backup.vaults.copies.lock', 'backup.snapshotRetentionDays'],
    check: ({ backup }) =>
      (['snapshots', 'copies'] as const).flatMap((name) => {
        const { lock } = backup.vaults[name]
        if (lock.mode === 'none') return []
        const outside =
          backup.snapshotRetentionDays < lock.minRetentionDays || backup.snapshotRetentionDays > lock.maxRetentionDays
        return when(
          outside,
          `backup.vaults.${name}.lock`,
          `accepts ${lock.minRetentionDays} to ${lock.maxRetentionDays} days, snapshots are kept ${backup.snapshotRetentionDays}`,
          'widen the lock or change the retention',
        )
      }),
  },
  {
    id: 'lockRangeIsOrdered',
    promise: 'a lock has a shortest and a longest retention in that order',
    reads: ['backup.vaults'],
    check: ({ backup }) =>
      VAULTS.flatMap((name) => {
        const { lock } = backup.vaults[name]
        return when(
          lock.mode !== 'none' && lock.minRetentionDays > lock.maxRetentionDays,
          `backup.vaults.${name}.lock`,
          'has a shortest retention above its longest',
          'swap them',
        )
      }),
  },
  {
    id: 'complianceLockIsAcknowledged',
    promise: 'nothing irreversible happens by a typo',
    reads: ['backup.vaults'],
    check: ({ backup }) =>
      VAULTS.flatMap((name) => {
        const { lock } = backup.vaults[name]
        return when(
          lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE,
          `backup.vaults.${name}.lock.irreversibleAcknowledgement`,
          'does not accept what cannot be undone',
          `write exactly '${IRREVERSIBLE}'`,
        )
      }),
  },
  {
    id: 'backupClearOfMaintenance',
    promise: 'backups and maintenance are at least an hour apart',
    reads: ['backup.schedule', 'database.maintenanceWindow'],
    check: ({ backup: { schedule }, database: { maintenanceWindow } }) => {
      // Any Sunday would do: only the time of day is compared, in winter and summer.
      const [start, end] = [minuteOfDay(maintenanceWindow.startUtc), minuteOfDay(maintenanceWindow.endUtc)]
      const runs = ['2026-01-11', '2026-07-12'].flatMap(
        (day) => safely(() => runsOn(schedule.cron, schedule.timeZone, new Date(`${day}T00:00:00Z`))) ?? [],
      )
      const tooClose = runs.some((run) => {
        const at = run.getUTCHours() * 60 + run.getUTCMinutes()
        return at > start - 60 - schedule.startWindowMinutes && at < end + 60
      })
      return when(
        tooClose,
        'database.maintenanceWindow.startUtc',
        `is ${maintenanceWindow.startUtc}, less than an hour from the backup`,
        'move the window',
      )
    },
  },
  {
    id: 'windowsAreOrdered',
    promise: 'a backup has time to finish after the latest start',
    reads: ['backup.schedule.startWindowMinutes', 'backup.schedule.completionWindowMinutes'],
    check: ({ backup: { schedule } }) =>
      when(
        schedule.completionWindowMinutes <= schedule.startWindowMinutes,
        'backup.schedule.completionWindowMinutes',
        `is ${schedule.completionWindowMinutes}, not more than the start window`,
        'make it longer',
      ),
  },
  {
    id: 'promotionKeepsPointInTime',
    promise: 'the promoted database can be recovered to a point in time like the old one',
    reads: ['failover.promotedBackupRetentionDays', 'backup.pointInTimeRetentionDays'],
    check: ({ failover, backup }) =>
      when(
        failover.promotedBackupRetentionDays !== backup.pointInTimeRetentionDays,
        'failover.promotedBackupRetentionDays',
        `is ${failover.promotedBackupRetentionDays}, the primary keeps ${backup.pointInTimeRetentionDays}`,
        'use the same number',
      ),
  },
  {
    id: 'crossRegionLogsOnlyWhereRdsShipsThem',
    promise: 'cross-region point-in-time recovery is declared only where it exists',
    reads: ['mechanisms.crossRegionPointInTime', 'topology.regions'],
    check: ({ mechanisms: { crossRegionPointInTime: logs }, topology: { regions } }) =>
      logs.mode === 'none'
        ? []
        : [
            ...when(
              regions.primary === 'sa-east-1' && !['us-east-1', 'us-east-2'].includes(logs.region),
              'mechanisms.crossRegionPointInTime.region',
              `is '${logs.region}'; RDS replicates logs from sa-east-1 only to us-east-1 and us-east-2`,
              'choose one of them, or declare none with a reason',
            ),
            ...when(
              logs.region !== regions.recovery,
              'mechanisms.crossRegionPointInTime.region',
              `is '${logs.region}', not the recovery region`,
              `use '${regions.recovery}'`,
            ),
          ],
  },
]

const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

function safely<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch {
    return undefined // scheduleIsReadable reports it
  }
}

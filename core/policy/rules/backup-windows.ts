import { minutesApart, overlap, startsInWeek, weeklyWindow, type WeeklyWindow } from '../weekly-window'
import type { Policy } from '../schema'
import { rule, when, type Rules } from './rule'

// https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html: no database backup starts in
// the maintenance window or in the hour before it, and one that still runs holds maintenance up.
const backupClearOfMaintenance = rule(
  'backups and maintenance are at least an hour apart, on every weekday and on both sides of a change of clocks',
  ['backup.schedule', 'backup.longTermTiers', 'database.maintenanceWindow'],
  ({ backup, database: { maintenanceWindow } }) => {
    const { weekday, startUtc, endUtc } = maintenanceWindow
    const maintenance = weeklyWindow(weekday, startUtc, endUtc)
    return jobsOf(backup).flatMap(({ path, windows }) => {
      const nearest = Math.min(...windows.map((window) => minutesApart(window, maintenance)))
      return when(
        nearest < CLEARANCE_MINUTES,
        path,
        `can run as near as ${nearest} minutes to the maintenance window on ${weekday} ${startUtc} to ${endUtc} UTC`,
        `leave at least ${CLEARANCE_MINUTES} minutes between them, with the start and the completion window counted`,
      )
    })
  },
)

// Of two rules whose start windows overlap AWS Backup runs the one that keeps longer, and never the other: that of continuous
// backups, which end after 35 days. https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
const backupsDoNotOverlap = rule(
  'no backup of a plan takes the place of another one',
  ['backup.schedule', 'backup.longTermTiers'],
  ({ backup }) =>
    jobsOf(backup).flatMap(({ path, windows }, i, jobs) =>
      jobs.slice(0, i).flatMap((earlier) =>
        when(
          windows.some((window) => earlier.windows.some((other) => overlap(window, other))),
          path,
          `can run while the backup of ${earlier.path} does`,
          'start it when the other one has ended at the latest',
        ),
      ),
    ),
)

// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
const startWindowIsAccepted = rule(
  'AWS Backup accepts the start window',
  ['backup.schedule.startWindowMinutes'],
  ({ backup: { schedule } }) =>
    when(
      schedule.startWindowMinutes < SHORTEST_START_WINDOW_MINUTES,
      'backup.schedule.startWindowMinutes',
      `is ${schedule.startWindowMinutes}`,
      `use at least ${SHORTEST_START_WINDOW_MINUTES}`,
    ),
)

/** The hour of the procedure, which is also the hour before maintenance in which AWS Backup starts nothing. */
const CLEARANCE_MINUTES = 60
const SHORTEST_START_WINDOW_MINUTES = 60

interface Job {
  readonly path: string
  /** When in the week it may run: from its start to the end of the completion window of the latest start. */
  readonly windows: readonly WeeklyWindow[]
}

/** Every backup of the database's plan that can be read; scheduleIsReadable and tierScheduleIsReadable report the others. */
function jobsOf({ schedule, longTermTiers }: Policy['backup']): readonly Job[] {
  const minutes = schedule.startWindowMinutes + schedule.completionWindowMinutes
  const crons = [
    { path: 'backup.schedule.cron', cron: schedule.cron },
    { path: 'backup.schedule.continuousCron', cron: schedule.continuousCron },
    ...longTermTiers.map(({ cron }, i) => ({ path: `backup.longTermTiers.${i}.cron`, cron })),
  ]
  return crons.flatMap(({ path, cron }) => {
    try {
      return [{ path, windows: startsInWeek(cron, schedule.timeZone).map((startMinute) => ({ startMinute, minutes })) }]
    } catch {
      return []
    }
  })
}

export const backupWindowRules: Rules = { backupClearOfMaintenance, backupsDoNotOverlap, startWindowIsAccepted }

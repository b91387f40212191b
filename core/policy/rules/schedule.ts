import { fromAwsCron, worstGapHours } from '../schedule'
import { minuteOfDay } from '../weekly-window'
import { rule, safely, when, type Rules } from './rule'

const scheduleIsReadable = rule(
  'the schedule fires when it says',
  ['backup.schedule.cron'],
  ({ backup: { schedule } }) => {
    try {
      fromAwsCron(schedule.cron)
      return []
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return when(true, 'backup.schedule.cron', problem, 'write it as cron(0 2 * * ? *)')
    }
  },
)

const backupIsDaily = rule(
  'no two backups are more than a day apart, all year',
  ['backup.schedule.cron', 'backup.schedule.timeZone'],
  ({ backup: { schedule } }) => {
    if (!readable(schedule.cron)) return []
    const gap = safely(() => worstGapHours(schedule.cron, schedule.timeZone))
    return when(
      // A day of 25 hours is one on which clocks go back.
      gap === undefined || gap > 25,
      'backup.schedule.cron',
      gap === undefined ? `does not fire in zone '${schedule.timeZone}'` : `leaves ${gap} hours between two backups`,
      'run it every day',
    )
  },
)

const windowsAreOrdered = rule(
  'a backup has time to finish after the latest start',
  ['backup.schedule.startWindowMinutes', 'backup.schedule.completionWindowMinutes'],
  ({ backup: { schedule } }) =>
    when(
      schedule.completionWindowMinutes <= schedule.startWindowMinutes,
      'backup.schedule.completionWindowMinutes',
      `is ${schedule.completionWindowMinutes}, not more than the start window`,
      'make it longer',
    ),
)

// RDS refuses both (RDS user guide, "Backup window").
const automatedBackupWindowIsAccepted = rule(
  'RDS accepts its own backup window: half an hour or more, clear of maintenance',
  ['database.automatedBackupWindow', 'database.maintenanceWindow'],
  ({ database: { automatedBackupWindow, maintenanceWindow } }) => {
    const [start, end] = bounds(automatedBackupWindow)
    const [maintenanceStart, maintenanceEnd] = bounds(maintenanceWindow)
    return [
      ...when(
        end - start < 30,
        'database.automatedBackupWindow.endUtc',
        `is ${automatedBackupWindow.endUtc}, ${end - start} minutes after the start`,
        'leave at least 30 minutes',
      ),
      ...when(
        overlapsOnSomeDay([start, end], [maintenanceStart, maintenanceEnd]),
        'database.automatedBackupWindow.startUtc',
        `is ${automatedBackupWindow.startUtc}, inside of the maintenance window`,
        'move one of them',
      ),
    ]
  },
)

interface Window {
  readonly startUtc: string
  readonly endUtc: string
}
type Bounds = readonly [start: number, end: number]

const DAY = 24 * 60

/** Minutes of the day; a window that ends before it starts ends on the next day. */
function bounds({ startUtc, endUtc }: Window): Bounds {
  const [start, end] = [minuteOfDay(startUtc), minuteOfDay(endUtc)]
  return [start, end < start ? end + DAY : end]
}

const overlapsOnSomeDay = (one: Bounds, other: Bounds): boolean =>
  [-DAY, 0, DAY].some((shift) => one[0] < other[1] + shift && other[0] + shift < one[1])

const readable = (cron: string): boolean => safely(() => fromAwsCron(cron)) !== undefined

export const scheduleRules: Rules = {
  scheduleIsReadable,
  backupIsDaily,
  windowsAreOrdered,
  automatedBackupWindowIsAccepted,
}

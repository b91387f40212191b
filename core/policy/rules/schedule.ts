import { fromAwsCron, worstGapHours } from '../schedule'
import type { Policy } from '../schema'
import { rule, safely, when, type Rules } from './rule'

const scheduleIsReadable = rule(
  'the schedules fire when they say',
  ['backup.schedule.cron', 'backup.schedule.continuousCron'],
  ({ backup: { schedule } }) =>
    schedulesOf(schedule).flatMap(({ path, cron }) => {
      try {
        fromAwsCron(cron)
        return []
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        return when(true, path, problem, 'write it as cron(0 2 * * ? *)')
      }
    }),
)

const backupIsDaily = rule(
  'no two backups are more than a day apart, all year',
  ['backup.schedule.cron', 'backup.schedule.continuousCron', 'backup.schedule.timeZone'],
  ({ backup: { schedule } }) =>
    schedulesOf(schedule).flatMap(({ path, cron }) => {
      if (!readable(cron)) return []
      const gap = safely(() => worstGapHours(cron, schedule.timeZone))
      return when(
        // A day of 25 hours is one on which clocks go back.
        gap === undefined || gap > 25,
        path,
        gap === undefined ? `does not fire in zone '${schedule.timeZone}'` : `leaves ${gap} hours between two backups`,
        'run it every day',
      )
    }),
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

const bucketBackupsEndWithinADay = rule(
  'the backup of a bucket has ended before the next one starts',
  ['backup.schedule.startWindowMinutes', 'backup.schedule.bucketCompletionWindowMinutes'],
  ({ backup: { schedule } }) =>
    when(
      schedule.startWindowMinutes + schedule.bucketCompletionWindowMinutes > DAY_MINUTES ||
        schedule.bucketCompletionWindowMinutes < schedule.completionWindowMinutes,
      'backup.schedule.bucketCompletionWindowMinutes',
      `is ${schedule.bucketCompletionWindowMinutes}`,
      `use ${schedule.completionWindowMinutes}, which the database has, to ${DAY_MINUTES - schedule.startWindowMinutes}`,
    ),
)

const DAY_MINUTES = 24 * 60

const schedulesOf = ({ cron, continuousCron }: Policy['backup']['schedule']) => [
  { path: 'backup.schedule.cron', cron },
  { path: 'backup.schedule.continuousCron', cron: continuousCron },
]

const readable = (cron: string): boolean => safely(() => fromAwsCron(cron)) !== undefined

export const scheduleRules: Rules = {
  scheduleIsReadable,
  backupIsDaily,
  windowsAreOrdered,
  bucketBackupsEndWithinADay,
}

import type { Policy } from '../policy'
import { lastRun } from '../policy/schedule'
import { taskId, type Task } from './task'

const HOUR_MS = 3_600_000
/** How late a task may be opened: a schedule goes on trying, and a task that comes this late is not missing yet. */
const OPENED_WITHIN_HOURS = 2

export interface Overdue {
  readonly task: string
  readonly activity: string
  readonly owner: string
  readonly dueAt: string
  /** - `unattested`: nobody said in time how it ended; - `never-opened`: its time went by and nothing asked for it. */
  readonly why: 'unattested' | 'never-opened'
}

/**
 * What should have been done by now and is not known to be, also of what comes due once. A time that nothing asked for counts only after the first task
 * of its activity, so that a new calendar does not begin in arrears.
 */
export function overdue(
  { calendar }: Pick<Policy, 'calendar'>,
  known: ReadonlyMap<string, Task>,
  now: Date,
): Overdue[] {
  const once = [...known].flatMap(([task, { once: alone, attested, activity, owner, dueAt }]): Overdue[] =>
    alone && !attested && late(dueAt, 0, now) ? [{ task, activity, owner, dueAt, why: 'unattested' }] : [],
  )
  const scheduled = calendar.activities
    .filter(({ performedBy }) => performedBy.kind !== 'continuous')
    .flatMap(({ id: activity, cadence, owner }) => {
      const own = [...known].filter(([, task]) => task.activity === activity)
      const unattested = own.filter(
        ([, { attested, dueAt }]) => !attested && late(dueAt, calendar.graceHours[cadence], now),
      )
      const expected = lastRun(calendar.due[cadence], calendar.due.timeZone, hoursBefore(now, OPENED_WITHIN_HOURS))
      const [first] = own.map(([, { dueAt }]) => dueAt).toSorted()
      const neverOpened =
        expected && first && expected.toISOString() > first && !known.has(taskId(activity, expected)) ? [expected] : []
      return [
        ...unattested.map(([task, { dueAt }]): Overdue => ({ task, activity, owner, dueAt, why: 'unattested' })),
        ...neverOpened.map((at): Overdue => ({
          task: taskId(activity, at),
          activity,
          owner,
          dueAt: at.toISOString(),
          why: 'never-opened',
        })),
      ]
    })
  return [...scheduled, ...once]
}

const hoursBefore = (at: Date, hours: number): Date => new Date(at.getTime() - hours * HOUR_MS)
const late = (dueAt: string, graceHours: number, now: Date): boolean =>
  Date.parse(dueAt) + graceHours * HOUR_MS < now.getTime()

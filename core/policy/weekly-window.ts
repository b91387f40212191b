import { runsOverAYear } from './schedule'

const WEEK_MINUTES = 7 * 24 * 60
const DAY_MINUTES = 24 * 60
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const

/** A stretch of every week: the minute of the week in UTC at which it starts, counted from Sunday 00:00, and its length. */
export interface WeeklyWindow {
  readonly startMinute: number
  readonly minutes: number
}

/** A window given by its weekday and times in UTC; one that ends before it starts ends on the next day. */
export function weeklyWindow(weekday: (typeof WEEKDAYS)[number], startUtc: string, endUtc: string): WeeklyWindow {
  const [start, end] = [minuteOfDay(startUtc), minuteOfDay(endUtc)]
  return {
    startMinute: WEEKDAYS.indexOf(weekday) * DAY_MINUTES + start,
    minutes: end < start ? end + DAY_MINUTES - start : end - start,
  }
}

/**
 * Where in the week a schedule can start, as minutes of the week in UTC: every run of a fixed year, so that each weekday, a
 * monthly run on any of them, and both sides of a change of clocks are seen. Throws for a schedule or zone nobody can read.
 */
export const startsInWeek = (expression: string, timeZone: string): readonly number[] =>
  [
    ...new Set(
      runsOverAYear(expression, timeZone).map(
        (at) => (at.getUTCDay() * 24 + at.getUTCHours()) * 60 + at.getUTCMinutes(),
      ),
    ),
  ].toSorted((a, b) => a - b)

/** Minutes between two windows on the circle of the week, at the nearer of their two sides; 0 where they touch or overlap. */
export const minutesApart = (one: WeeklyWindow, other: WeeklyWindow): number =>
  Math.max(0, Math.min(gapAfter(one, other), gapAfter(other, one)))

/** Whether two windows share a minute; windows that only touch do not. */
export const overlap = (one: WeeklyWindow, other: WeeklyWindow): boolean =>
  gapAfter(one, other) < 0 || gapAfter(other, one) < 0

/** From the end of one window to the next start of the other; negative where that start lies inside of the first. */
const gapAfter = (one: WeeklyWindow, next: WeeklyWindow): number =>
  modulo(next.startMinute - one.startMinute, WEEK_MINUTES) - one.minutes

export const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const modulo = (value: number, by: number): number => ((value % by) + by) % by

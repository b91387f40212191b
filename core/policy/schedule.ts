import { Cron } from 'croner'

/** AWS counts weekdays 1 to 7 from Sunday, cron libraries 0 to 6. */
const toZeroBased = (field: string): string => field.replace(/\d+/g, (day) => String(Number(day) - 1))

/**
 * An AWS cron expression as one of croner. AWS puts the minute first and a year last and needs `?` in one day field;
 * given unchanged to croner, whose six-field form starts with seconds, it would run at other times without an error.
 * Throws for anything but `cron(minute hour day month weekday *)`.
 */
export function fromAwsCron(expression: string): string {
  const [minute, hour, day, month, weekday, year, ...rest] =
    /^cron\((.+)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/) ?? []
  if (!minute || !hour || !day || !month || !weekday || !year || rest.length > 0)
    throw new Error(`an AWS cron has six fields inside cron(...), got '${expression}'`)
  if (year !== '*')
    throw new Error(`only schedules that recur every year are allowed, got year '${year}' in '${expression}'`)
  if ([day, weekday].filter((field) => field === '?').length !== 1)
    throw new Error(`exactly one of day and weekday has to be '?', got '${expression}'`)
  if (/[LW#]/.test(day + weekday.replace(/[A-Z]{3}/g, '')))
    throw new Error(`L, W and # are not supported, got '${expression}'`)
  if (weekday.includes('/')) throw new Error(`steps of weekdays are not supported, got '${expression}'`)
  return [minute, hour, day === '?' ? '*' : day, month, weekday === '?' ? '*' : toZeroBased(weekday)].join(' ')
}

const seen = new Map<string, readonly Date[]>()
const START = new Date('2025-12-31T00:00:00Z')
const END = new Date('2027-01-08T00:00:00Z')
const WEEK_MS = 7 * 86_400_000

const steady = new Map<string, number | undefined>()

/** The same as `offsetAllYear`, looked up once for each zone. */
function steadyOffsetMinutes(timeZone: string): number | undefined {
  if (!steady.has(timeZone)) steady.set(timeZone, offsetAllYear(timeZone))
  return steady.get(timeZone)
}

/** Minutes that a zone is ahead of UTC, where it is so all year; undefined where its clock is changed. No change lasts less than a week. */
function offsetAllYear(timeZone: string): number | undefined {
  const clock = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const offsetAt = (ms: number) => clock.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const offset = offsetAt(START.getTime())
  for (let ms = START.getTime(); ms <= END.getTime(); ms += WEEK_MS) if (offsetAt(ms) !== offset) return undefined
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(offset) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * Every run over a fixed year and a week, in order: one year is enough, since the pattern recurs. Empty for a pattern that
 * never fires. Throws for a schedule or zone nobody can read. Several rules and feasibility ask for the same schedule, and
 * walking the clock of a time zone through a year is the dearest part of reading a policy, so each is walked once.
 */
export function runsOverAYear(expression: string, timeZone: string): readonly Date[] {
  const key = `${expression} ${timeZone}`
  const known = seen.get(key)
  if (known) return known
  const utcOffset = steadyOffsetMinutes(timeZone)
  // An eighth of the time: the library then need not ask for the clock of the zone at each run.
  const cron = new Cron(fromAwsCron(expression), utcOffset === undefined ? { timezone: timeZone } : { utcOffset })
  const runs: Date[] = []
  for (let at = cron.nextRun(START); at && at < END; at = cron.nextRun(at)) runs.push(at)
  seen.set(key, runs)
  return runs
}

/** The last time at or before `at` for which a schedule fired, in its zone. Undefined for a pattern that never did. */
export const lastRun = (expression: string, timeZone: string, at: Date): Date | undefined =>
  // The library looks before a moment, so that a run at this very one needs a millisecond more.
  new Cron(fromAwsCron(expression), { timezone: timeZone }).previousRuns(1, new Date(at.getTime() + 1000))[0]

/** The longest pause between two runs, in hours, as the wall clock of the zone makes it; Infinity for fewer than two. */
export const worstGapHours = (expression: string, timeZone: string): number =>
  runsOverAYear(expression, timeZone).reduce(
    ({ worst, previous }, at) => ({
      worst: previous ? Math.max(worst, (at.getTime() - previous.getTime()) / 3_600_000) : worst,
      previous: at,
    }),
    { worst: 0, previous: undefined as Date | undefined },
  ).worst || Infinity

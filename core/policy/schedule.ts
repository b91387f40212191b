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

/** The longest pause between two runs over a whole fixed year, in hours, as the wall clock of the zone makes it. */
export function worstGapHours(expression: string, timeZone: string): number {
  const cron = new Cron(fromAwsCron(expression), { timezone: timeZone })
  const end = new Date('2027-01-08T00:00:00Z')
  let worst = 0
  let previous: Date | undefined
  // One year is enough: the pattern recurs; croner returns null only for a pattern that never fires.
  for (let at = cron.nextRun(new Date('2025-12-31T00:00:00Z')); at && at < end; at = cron.nextRun(at)) {
    if (previous) worst = Math.max(worst, (at.getTime() - previous.getTime()) / 3_600_000)
    previous = at
  }
  return previous ? worst || Infinity : Infinity
}

/** Where the term runs; Brazil has had no daylight saving time since 2019 (Decree 9.772/2019). */
const OFFSET_HOURS = -3
const DAY_MS = 86_400_000

/** National holidays of a fixed date, as month-day (Laws 662/1949, 6.802/1980, 9.093/1995, 14.759/2023). */
const FIXED = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '11-20', '12-25']

/**
 * Last day to tell the ANPD and the persons, as a calendar date in Brasília's time: so many business days after the day on
 * which the incident was known, which itself does not count (Resolution CD/ANPD 15/2024). Days on which only the public
 * service rests, such as Carnival, count: earlier is safer.
 */
export function breachNoticeDue(knownAt: Date, businessDays: number): string {
  // Days are counted at midnight UTC of the local calendar date.
  const local = new Date(knownAt.getTime() + OFFSET_HOURS * 3_600_000)
  let day = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate())
  for (let left = businessDays; left > 0;) {
    day += DAY_MS
    if (isBusinessDay(new Date(day))) left--
  }
  return new Date(day).toISOString().slice(0, 10)
}

function isBusinessDay(day: Date): boolean {
  const weekday = day.getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  return !FIXED.includes(day.toISOString().slice(5, 10)) && day.getTime() !== goodFriday(day.getUTCFullYear())
}

/** Two days before Easter Sunday, by the anonymous Gregorian algorithm. */
function goodFriday(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1) - 2 * DAY_MS
}

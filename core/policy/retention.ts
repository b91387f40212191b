/**
 * The last moment a record has to be kept: calendar years after its last entry, 29 February ending on 1 March, so that
 * nothing is ever kept a day short.
 */
export function keepUntil(lastEntry: Date, years: number): Date {
  const until = new Date(lastEntry)
  until.setUTCFullYear(until.getUTCFullYear() + years)
  return until
}

/** The most days that many calendar years can have, which is what a fixed retention in days has to cover. 25 years: 9,132. */
export function mostDaysIn(years: number): number {
  // A span starting on 1 January of each year of one 400-year cycle sees every arrangement of leap years.
  let most = 0
  for (let start = 2000; start < 2400; start++) {
    for (const month of [0, 2]) {
      const from = Date.UTC(start, month, 1)
      most = Math.max(most, (Date.UTC(start + years, month, 1) - from) / 86_400_000)
    }
  }
  return most
}

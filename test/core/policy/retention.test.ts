import { keepUntil, mostDaysIn } from '../../../core/policy/retention'

describe('retention in calendar years', () => {
  it.each([
    [25, 9132],
    [10, 3653],
    [7, 2557],
    [2, 731],
    [1, 366],
  ])('%d years are at most %d days', (years, days) => expect(mostDaysIn(years)).toBe(days))

  it('ends on the same date, and never a day short after 29 February', () => {
    expect(keepUntil(new Date('2026-11-23T10:00:00Z'), 25).toISOString()).toBe('2051-11-23T10:00:00.000Z')
    expect(keepUntil(new Date('2024-02-29T00:00:00Z'), 25).toISOString()).toBe('2049-03-01T00:00:00.000Z')
    expect(keepUntil(new Date('2024-02-29T00:00:00Z'), 4).toISOString()).toBe('2028-02-29T00:00:00.000Z')
  })
})

import { breachNoticeDue } from '../../../core/compliance/breach-clock'

describe('the term of the notice to the ANPD', () => {
  it.each([
    ['a holiday inside', '2026-11-19T15:00:00Z', '2026-11-25', '2026-12-18'],
    ['an evening in Brazil that is the next day in UTC', '2026-11-24T01:30:00Z', '2026-11-26', '2026-12-21'],
    ['Christmas inside', '2026-12-23T15:00:00Z', '2026-12-29', '2027-01-22'],
    ['Carnival, which counts', '2027-02-05T15:00:00Z', '2027-02-10', '2027-03-05'],
    ['Good Friday inside', '2027-03-24T15:00:00Z', '2027-03-30', '2027-04-23'],
  ])('excludes the day of knowledge and every day without business: %s', (_, knownAt, three, twenty) => {
    expect(breachNoticeDue(new Date(knownAt), 3)).toBe(three)
    expect(breachNoticeDue(new Date(knownAt), 20)).toBe(twenty)
  })
})

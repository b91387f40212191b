import { Cron } from 'croner'
import { fromAwsCron, runsOverAYear, worstGapHours } from '../../../core/policy/schedule'

const zone = 'America/Sao_Paulo'

describe('an AWS schedule', () => {
  it('loses its year and its question mark, and counts weekdays from zero', () => {
    expect(fromAwsCron('cron(0 2 * * ? *)')).toBe('0 2 * * *')
    expect(fromAwsCron('cron(30 3 ? * 2-6 *)')).toBe('30 3 * * 1-5')
    expect(fromAwsCron('cron(30 3 ? * MON-FRI *)')).toBe('30 3 * * MON-FRI')
  })

  it.each([
    'cron(0 2 * * *)',
    'cron(0 2 * * * *)',
    'cron(0 2 ? * ? *)',
    'cron(0 2 * * ? 2027)',
    'cron(0 2 ? * 1/2 *)',
    'cron(0 2 L * ? *)',
    'rate(1 day)',
  ])('is refused when it is %s', (expression) => expect(() => fromAwsCron(expression)).toThrow(expression))

  it('is judged by its longest pause: weekdays leave three days', () => {
    expect(worstGapHours('cron(0 2 * * ? *)', zone)).toBe(24)
    expect(worstGapHours('cron(0 3 ? * MON-FRI *)', zone)).toBe(72)
  })

  it('feels the change of the clock where there is one', () => {
    expect(worstGapHours('cron(0 12 * * ? *)', 'America/New_York')).toBe(25)
  })
})

it.each([
  'America/Sao_Paulo',
  'UTC',
  'Asia/Kolkata',
  'America/New_York',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
])('runs by the wall clock of %s, whether or not that is changed in the year', (place) => {
  const byClock = new Cron('30 2 * * *', { timezone: place })
  const expected: string[] = []
  const end = new Date('2027-01-08T00:00:00Z')
  for (let at = byClock.nextRun(new Date('2025-12-31T00:00:00Z')); at && at < end; at = byClock.nextRun(at))
    expected.push(at.toISOString())
  expect(runsOverAYear('cron(30 2 * * ? *)', place).map((run) => run.toISOString())).toEqual(expected)
})

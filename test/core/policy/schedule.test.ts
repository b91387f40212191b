import { fromAwsCron, runsOn, worstGapHours } from '../../../core/policy/schedule'

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

  it('runs at 02:00 of Brasilia, which is 05:00 in UTC', () => {
    const runs = runsOn('cron(0 2 * * ? *)', zone, new Date('2026-11-23T00:00:00Z'))
    expect(runs.map((run) => run.toISOString())).toEqual(['2026-11-23T05:00:00.000Z'])
  })

  it('is judged by its longest pause: weekdays leave three days', () => {
    expect(worstGapHours('cron(0 2 * * ? *)', zone)).toBe(24)
    expect(worstGapHours('cron(0 3 ? * MON-FRI *)', zone)).toBe(72)
  })

  it('feels the change of the clock where there is one', () => {
    expect(worstGapHours('cron(0 12 * * ? *)', 'America/New_York')).toBe(25)
  })

  it('counts weekdays as AWS does: 1 is Sunday', () => {
    const sunday = new Date('2026-11-22T00:00:00Z')
    expect(runsOn('cron(0 12 ? * 1 *)', 'UTC', sunday)).toHaveLength(1)
    expect(runsOn('cron(0 12 ? * 2 *)', 'UTC', sunday)).toHaveLength(0)
  })
})

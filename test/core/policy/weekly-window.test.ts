import { minutesApart, overlap, startsInWeek, weeklyWindow } from '../../../core/policy/weekly-window'

const at = (day: number, hour: number, minute = 0) => (day * 24 + hour) * 60 + minute

describe('the starts of a schedule in the week', () => {
  it('are in UTC: 02:00 of Brasilia is 05:00 on every day', () => {
    const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => at(day, 5))
    expect(startsInWeek('cron(0 2 * * ? *)', 'America/Sao_Paulo')).toEqual(daily)
  })

  it('cross midnight and the week: 22:00 on Saturday in Brasilia is Sunday in UTC', () => {
    expect(startsInWeek('cron(0 22 ? * SAT *)', 'America/Sao_Paulo')).toEqual([at(0, 1)])
    expect(startsInWeek('cron(0 8 ? * SUN *)', 'Asia/Tokyo')).toEqual([at(6, 23)])
  })

  it('are two where the clock changes', () => {
    expect(startsInWeek('cron(0 12 ? * MON *)', 'America/New_York')).toEqual([at(1, 16), at(1, 17)])
  })

  it('are on every weekday for a day of the month', () => {
    const days = startsInWeek('cron(0 22 1 * ? *)', 'UTC').map((minute) => Math.floor(minute / (24 * 60)))
    expect(new Set(days)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]))
  })

  it('count weekdays as AWS does: 1 is Sunday', () => {
    expect(startsInWeek('cron(0 12 ? * 1 *)', 'UTC')).toEqual([at(0, 12)])
  })
})

describe('two windows of the week', () => {
  const window = (startMinute: number, minutes: number) => ({ startMinute, minutes })

  it('are as far apart as their nearer sides, also across the end of the week', () => {
    expect(minutesApart(window(at(0, 5), 180), weeklyWindow('Sun', '09:00', '10:00'))).toBe(60)
    expect(minutesApart(weeklyWindow('Sun', '09:00', '10:00'), window(at(0, 5), 180))).toBe(60)
    expect(minutesApart(window(at(6, 22), 60), weeklyWindow('Sun', '00:30', '01:00'))).toBe(90)
  })

  it('are not apart where one lies in the other or they touch', () => {
    expect(minutesApart(window(at(0, 5), 600), weeklyWindow('Sun', '09:00', '10:00'))).toBe(0)
    expect(minutesApart(window(at(0, 5), 180), window(at(0, 8), 60))).toBe(0)
  })

  it('overlap only where they share a minute', () => {
    expect(overlap(window(at(0, 5), 180), window(at(0, 8), 60))).toBe(false)
    expect(overlap(window(at(0, 5), 181), window(at(0, 8), 60))).toBe(true)
    expect(overlap(window(at(6, 23), 120), window(at(0, 0, 30), 10))).toBe(true)
  })

  it('that end before they start end on the next day', () => {
    expect(weeklyWindow('Sat', '23:30', '00:30')).toEqual(window(at(6, 23, 30), 60))
    expect(overlap(weeklyWindow('Sat', '23:30', '00:30'), window(at(0, 0, 15), 1))).toBe(true)
  })
})

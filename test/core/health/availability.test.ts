import { availabilityOf, type ServingSample } from '../../../core/health/availability'

const FROM = Date.parse('2026-11-01T00:00:00.000Z')
const MINUTE = 60_000
const at = (minutes: number): string => new Date(FROM + minutes * MINUTE).toISOString()
const sample = (minutes: number, serving: ServingSample['serving'] = 'up'): ServingSample => ({
  at: at(minutes),
  serving,
})
/** Looks every five minutes of an hour. */
const hour = (change: (minutes: number) => ServingSample['serving'] = () => 'up') =>
  Array.from({ length: 13 }, (_, i) => sample(5 * i, change(5 * i)))
const over = (samples: readonly ServingSample[], minutes = 60, targetPercent = 99.9) =>
  availabilityOf(samples, { from: at(0), to: at(minutes), reachMinutes: 10, targetPercent })

describe('availability by the looks at a platform', () => {
  it('is whole where every look of the window found it up', () => {
    expect(over(hour())).toEqual({
      windowSeconds: 3600,
      upSeconds: 3600,
      downSeconds: 0,
      unknownSeconds: 0,
      availablePercent: 100,
      provenPercent: 100,
      target: 'met',
    })
  })

  it('takes both intervals beside a look that found it down for down', () => {
    expect(over(hour((minutes) => (minutes === 30 ? 'down' : 'up')))).toMatchObject({
      upSeconds: 3000,
      downSeconds: 600,
      availablePercent: (100 * 3000) / 3600,
      target: 'missed',
    })
  })

  it('weighs each interval by its length', () => {
    const looks = [sample(0), sample(1, 'down'), sample(3), sample(9), sample(10)]
    expect(over(looks, 10)).toMatchObject({ downSeconds: 180, upSeconds: 420, availablePercent: 70 })
  })

  it('counts a gap as unknown, neither as up nor as down', () => {
    const looks = [sample(0), sample(5), sample(45), sample(50), sample(55), sample(60)]
    expect(over(looks)).toMatchObject({
      upSeconds: 1200,
      downSeconds: 0,
      unknownSeconds: 2400,
      availablePercent: 100,
      provenPercent: (100 * 1200) / 3600,
      target: 'unknown',
    })
  })

  it('bridges one look that was left out, and no second one', () => {
    expect(over(hour().filter(({ at: when }) => when !== at(30))).unknownSeconds).toBe(0)
    expect(over(hour().filter(({ at: when }) => when !== at(30) && when !== at(35))).unknownSeconds).toBe(900)
  })

  it('knows nothing before the first look and after the last one', () => {
    expect(over([sample(20), sample(25), sample(30)])).toMatchObject({ upSeconds: 600, unknownSeconds: 3000 })
    expect(over([])).toMatchObject({
      unknownSeconds: 3600,
      availablePercent: null,
      provenPercent: 0,
      target: 'unknown',
    })
  })

  it('knows nothing of an interval of which one end is unknown, unless the other was down', () => {
    expect(over([sample(0), sample(5, 'unknown'), sample(10)], 10)).toMatchObject({ upSeconds: 0, unknownSeconds: 600 })
    expect(over([sample(0, 'down'), sample(5, 'unknown')], 5)).toMatchObject({ downSeconds: 300, target: 'missed' })
  })

  it('goes on from a look before the window, and counts only what lies inside', () => {
    expect(over([sample(-3), sample(2), sample(7), sample(12)], 10)).toMatchObject({
      upSeconds: 600,
      unknownSeconds: 0,
    })
  })

  it('misses the target by what was down, however the rest went', () => {
    // 0.1 % of a day are 86.4 s.
    const day = 24 * 60
    const looks = [sample(0), sample(1, 'down')]
    expect(over(looks, day).target).toBe('unknown')
    expect(over([sample(0), sample(2, 'down')], day).target).toBe('missed')
  })

  it('takes the looks in any order', () => {
    expect(over(hour().toReversed())).toEqual(over(hour()))
  })
})

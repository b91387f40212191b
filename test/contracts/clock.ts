import type { Clock } from '../../core/ports/clock'

/** What every clock must do, whether its time is real or not. */
export function describeClock(name: string, factory: () => Clock): void {
  describe(`clock: ${name}`, () => {
    let clock: Clock
    beforeEach(() => {
      clock = factory()
    })

    it('moves by what was slept, on both of its hands', async () => {
      const wall = clock.now().getTime()
      const monotonic = clock.monotonicMs()
      await clock.sleep(30)
      // A real timer may fire within the millisecond before.
      expect(clock.monotonicMs() - monotonic).toBeGreaterThanOrEqual(29)
      expect(clock.now().getTime() - wall).toBeGreaterThanOrEqual(29)
    })

    it.each([0, -50])('never goes back, also not when asked to sleep for %s', async (milliseconds) => {
      const before = clock.monotonicMs()
      await clock.sleep(milliseconds)
      expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before)
    })

    it('gives a moment of its own at each call, which nobody else can change', () => {
      const first = clock.now()
      const at = first.getTime()
      clock.now().setFullYear(1999)
      expect(first.getTime()).toBe(at)
      expect(clock.now().getTime()).toBeGreaterThanOrEqual(at)
    })
  })
}

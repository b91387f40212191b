import { HARDENING_MEASURES, type Hardening } from '../../core/ports/hardening'
import type { InstanceRef } from '../../core/ports/database'

/** A clean database before anybody enters. */
export interface HardeningStage {
  readonly hardening: Hardening
  readonly clean: InstanceRef
  /** Takes one of the measures back. */
  soften(): Promise<void> | void
  /** Leaves a login that nobody of ours made; the function returned takes it away. */
  leaveLogin(role: string): Promise<() => Promise<unknown>> | (() => Promise<unknown>)
  remove(): Promise<void>
}

/** What every hardening must do. */
export function describeHardening(name: string, factory: () => Promise<HardeningStage> | HardeningStage): void {
  describe(`hardening: ${name}`, () => {
    let stage: HardeningStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())
    const apply = () => stage.hardening.apply(stage.clean, HARDENING_MEASURES)
    const scan = () => stage.hardening.scan(stage.clean, HARDENING_MEASURES)

    it('makes every measure hold, and then finds nothing', async () => {
      await stage.soften()
      expect((await scan()).map(({ code }) => code)).toContain('MEASURE_MISSING')
      expect(await apply()).toEqual(HARDENING_MEASURES)
      expect(await scan()).toEqual([])
      expect(await apply()).toEqual(HARDENING_MEASURES)
    }, 60_000)

    it('finds what an attacker left, by code and name', async () => {
      await apply()
      const takeAway = await stage.leaveLogin('visitor')
      expect(await scan()).toEqual([{ code: 'UNKNOWN_LOGIN', object: 'visitor' }])
      await takeAway()
      expect(await scan()).toEqual([])
    }, 60_000)
  })
}

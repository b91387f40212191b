import type { InstanceRef } from '../../core/ports/database'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'

/** A switch that points home, and what a test can do to it. */
export interface SwitchStage {
  readonly trafficSwitch: TrafficSwitch
  readonly home: string
  readonly away: string
  /** A database that was restored beside the one that is served at home. */
  readonly beside: InstanceRef
  /** Waits for as long as clients may remember an answer. */
  settle(): Promise<void>
  /** Until `heal`, the witness place does not answer. */
  cutWitness(): void
  heal(): void
  remove(): Promise<void>
}

const PLACES = ['recovery', 'witness'] as const

/** What every traffic switch must do, whatever its objects are made of. */
export function describeTrafficSwitch(name: string, factory: () => Promise<SwitchStage> | SwitchStage): void {
  describe(`traffic switch: ${name}`, () => {
    let stage: SwitchStage
    beforeEach(async () => {
      stage = await factory()
    })
    afterEach(() => stage?.remove())

    const point = async (
      to: string | InstanceRef,
      epoch: number,
      places: readonly (typeof PLACES)[number][] = PLACES,
    ) => {
      const target = typeof to === 'string' ? { region: to } : to
      for (const place of places)
        await stage.trafficSwitch.point(place, { ...target, epoch, key: `run-${epoch}/switch` })
    }
    const told = async () => {
      await stage.settle()
      return stage.trafficSwitch.served()
    }
    const served = async () => (await told())?.region

    it('serves home until somebody moves it', async () => {
      expect(await served()).toBe(stage.home)
    })

    it.each(PLACES)('does not move by the %s place alone', async (place) => {
      await point(stage.away, 2, [place])
      expect(await served()).toBe(stage.home)
    })

    it('moves when both places say so, stays there when told again, and comes home with a newer epoch', async () => {
      await point(stage.away, 2)
      expect(await served()).toBe(stage.away)
      await point(stage.away, 2)
      expect(await served()).toBe(stage.away)
      await point(stage.home, 3)
      expect(await served()).toBe(stage.home)
    })

    it('leads back within one epoch, for a run that stops', async () => {
      await point(stage.away, 2)
      await point(stage.home, 2)
      expect(await served()).toBe(stage.home)
    })

    it('never lets an older epoch overrule a newer one', async () => {
      await point(stage.away, 3)
      for (const region of [stage.home, stage.away])
        await expect(point(region, 2, ['recovery'])).rejects.toMatchObject({
          failure: 'conflict',
          code: 'SWITCH_NEWER',
        })
      expect(await served()).toBe(stage.away)
    })

    it('moves inside a region when both places say so, and leads back within one epoch', async () => {
      const before = await told()
      expect(before?.instance).not.toBe(stage.beside.instance)
      await point(stage.beside, 2, ['recovery'])
      expect(await told()).toEqual(before)
      await point(stage.beside, 2, ['witness'])
      expect(await told()).toMatchObject(stage.beside)
      await point(stage.beside, 2)
      expect(await told()).toMatchObject(stage.beside)
      await point({ ...stage.beside, instance: before?.instance ?? 'the-one-before' }, 2)
      expect((await told())?.instance).not.toBe(stage.beside.instance)
      expect(await served()).toBe(stage.home)
    })

    it('never lets an older epoch overrule a newer one that moved inside a region', async () => {
      await point(stage.beside, 3)
      for (const to of [stage.home, stage.away, { ...stage.beside, instance: 'another' }])
        await expect(point(to, 2, ['witness'])).rejects.toMatchObject({ failure: 'conflict', code: 'SWITCH_NEWER' })
      expect(await told()).toMatchObject(stage.beside)
    })

    it('moves to another region from a database that was restored, and back to it', async () => {
      await point(stage.beside, 2)
      await point(stage.away, 3)
      expect(await served()).toBe(stage.away)
      await point(stage.beside, 4)
      expect(await told()).toMatchObject(stage.beside)
    })

    it('says unreachable when a place does not answer, and takes the same request afterwards', async () => {
      await point(stage.away, 2, ['recovery'])
      stage.cutWitness()
      try {
        await expect(point(stage.away, 2, ['witness'])).rejects.toMatchObject({ failure: 'unreachable' })
      } finally {
        stage.heal()
      }
      expect(await served()).toBe(stage.home)
      await point(stage.away, 2, ['witness'])
      expect(await served()).toBe(stage.away)
    })
  })
}

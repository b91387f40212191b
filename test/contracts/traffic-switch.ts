import type { TrafficSwitch } from '../../core/ports/traffic-switch'

/** A switch that points home, and what a test can do to it. */
export interface SwitchStage {
  readonly trafficSwitch: TrafficSwitch
  readonly home: string
  readonly away: string
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

    const point = async (region: string, epoch: number, places: readonly (typeof PLACES)[number][] = PLACES) => {
      for (const place of places) await stage.trafficSwitch.point(place, { region, epoch, key: `run-${epoch}/switch` })
    }
    const served = async () => {
      await stage.settle()
      return (await stage.trafficSwitch.served())?.region
    }

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

import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'

/** An application that stands by, and what a test can do to it. */
export interface ApplicationStage {
  readonly tier: ApplicationTier
  /** What was really started, once per start, by the name of the hook. */
  started(): readonly string[]
  /** Lets everything that was started become well. */
  settle(): Promise<void> | void
  /** What was started is ill from now on. */
  ail(): Promise<void> | void
  remove?(): Promise<void>
}

/** What every application tier must do with a kind of hook. */
export function describeApplicationTier(
  name: string,
  hook: ApplicationHook,
  factory: () => Promise<ApplicationStage> | ApplicationStage,
): void {
  const request = { key: 'run-1/bring-up/api' }

  describe(`application tier: ${name}`, () => {
    let stage: ApplicationStage
    beforeEach(async () => {
      stage = await factory()
    })
    afterEach(() => stage?.remove?.())

    it('is not well before it was brought up', async () => {
      expect(await stage.tier.healthy(hook)).toBe(false)
      expect(stage.started()).toEqual([])
    })

    it('is well once it was brought up and has settled', async () => {
      await stage.tier.bringUp(hook, request)
      await stage.settle()
      expect(await stage.tier.healthy(hook)).toBe(true)
    })

    it('is brought up once, however often it is asked', async () => {
      await stage.tier.bringUp(hook, request)
      await stage.tier.bringUp(hook, request)
      await stage.settle()
      await stage.tier.bringUp(hook, request)
      expect(stage.started()).toEqual([hook.name])
      expect(await stage.tier.healthy(hook)).toBe(true)
    })

    it('says when it is not well any more', async () => {
      await stage.tier.bringUp(hook, request)
      await stage.settle()
      await stage.ail()
      expect(await stage.tier.healthy(hook)).toBe(false)
    })
  })
}

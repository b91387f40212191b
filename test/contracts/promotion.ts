import type { InstanceRef, Promotion } from '../../core/ports/database'

/** A replica that may be promoted, and what a test can do to it. */
export interface PromotionStage {
  readonly promotion: Promotion
  readonly replica: InstanceRef
  role(): Promise<'primary' | 'replica'>
  /** Lets the promotion that was asked for come to its end. */
  finish(): Promise<void>
  /** How often a promotion has really begun. */
  begun(): Promise<number>
  /** Until `heal`, nothing answers for the replica. */
  cut(): void
  heal(): void
  remove(): Promise<void>
}

/** What every promotion must do. */
export function describePromotion(name: string, factory: () => Promise<PromotionStage> | PromotionStage): void {
  describe(`promotion: ${name}`, () => {
    let stage: PromotionStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())
    const request = { key: 'run-1/promote', backupRetentionDays: 35 }

    it('makes a primary of a replica once, however often and by whatever key it is asked', async () => {
      const { promotion, replica } = stage
      await promotion.promote(replica, request)
      await promotion.promote(replica, request)
      await stage.finish()
      expect(await stage.role()).toBe('primary')
      await promotion.promote(replica, request)
      await promotion.promote(replica, { ...request, key: 'run-2/promote' })
      expect(await stage.role()).toBe('primary')
      expect(await stage.begun()).toBe(1)
    })

    it('refuses what does not exist, fails where nobody answers, and has changed nothing by then', async () => {
      const { promotion, replica } = stage
      const before = [await stage.role(), await stage.begun()]
      const stranger = { ...replica, instance: 'no-such-instance' }
      await expect(promotion.promote(stranger, request)).rejects.toMatchObject({ failure: 'invalid' })
      stage.cut()
      try {
        await expect(promotion.promote(replica, request)).rejects.toMatchObject({ failure: 'unreachable' })
      } finally {
        stage.heal()
      }
      expect([await stage.role(), await stage.begun()]).toEqual(before)
    }, 30_000)
  })
}

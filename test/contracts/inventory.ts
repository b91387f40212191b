import type { InstanceRef, Inventory } from '../../core/ports/database'

/** A replica with its source, and what a test can do to it. */
export interface InventoryStage {
  readonly inventory: Inventory
  readonly primary: InstanceRef
  readonly replica: InstanceRef
  /** Promotes the replica and waits until it is a primary. */
  promote(): Promise<void>
  /** Until `heal`, nothing answers for the replica. */
  cut(): void
  heal(): void
  remove(): Promise<void>
}

/** What every inventory must do, whatever it reads. */
export function describeInventory(name: string, factory: () => Promise<InventoryStage> | InventoryStage): void {
  const useStage = (): (() => InventoryStage) => {
    let stage: InventoryStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())
    return () => stage
  }

  describe(`inventory: ${name}`, () => {
    describe('of a replica', () => {
      const stage = useStage()

      it('says what it is, whom it follows and where its clients connect, each time the same', async () => {
        const { inventory, primary, replica } = stage()
        const description = await inventory.describe(replica)
        expect(description).toMatchObject({
          ...replica,
          status: 'available',
          role: 'replica',
          source: primary.instance,
          endpoint: { host: expect.stringMatching(/./), port: expect.any(Number) },
        })
        expect(description?.endpoint.host).toContain(replica.region)
        expect(await inventory.describe(replica)).toEqual(description)
      })

      it('knows nothing of an instance that does not exist', async () => {
        const { inventory, replica } = stage()
        expect(await inventory.describe({ ...replica, instance: 'no-such-instance' })).toBeUndefined()
      })

      it('says unreachable, never that there is nothing, when nobody answers', async () => {
        const { inventory, replica, cut, heal } = stage()
        cut()
        try {
          await expect(inventory.describe(replica)).rejects.toMatchObject({ failure: 'unreachable' })
        } finally {
          heal()
        }
        expect(await inventory.describe(replica)).toBeDefined()
      })
    })

    describe('of what was promoted', () => {
      const stage = useStage()

      it('says primary, and names no source', async () => {
        const { inventory, replica, promote } = stage()
        await promote()
        const description = await inventory.describe(replica)
        expect(description).toMatchObject({ ...replica, status: 'available', role: 'primary' })
        expect(description).not.toHaveProperty('source')
      })
    })
  })
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { InstanceRef, Inventory } from '../../core/ports/database'
import type { ZoneStandby } from '../../core/ports/zone-standby'

/** A primary with a standby in another zone, and what a test can do to them. */
export interface ZoneStandbyStage {
  readonly zoneStandby: ZoneStandby
  readonly inventory: Inventory
  readonly primary: InstanceRef
  /** An instance that has no standby. */
  readonly replica: InstanceRef
  /** Whether a client that comes anew to the endpoint of the primary can write; tries for as long as a failover takes. */
  acceptsWrites(): Promise<boolean>
  /** Until `heal`, nothing answers for the region of the primary. */
  cut(): Promise<void> | void
  heal(): Promise<void> | void
  /** Lets time pass between two looks. @default the machine's own */
  pause?(): Promise<void>
  remove(): Promise<void>
}

/** What every control plane of a zone standby must do. */
export function describeZoneStandby(name: string, factory: () => Promise<ZoneStandbyStage> | ZoneStandbyStage): void {
  describe(`zone standby: ${name}`, () => {
    let stage: ZoneStandbyStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())

    const describePrimary = async () => (await stage.inventory.describe(stage.primary))!
    const untilMoved = async (from: string | undefined) => {
      for (;;) {
        const now = await describePrimary()
        if (now.status === 'available' && now.zone !== from) return now
        await (stage.pause?.() ?? sleep(50))
      }
    }

    it('makes the standby the instance: the same endpoint in another zone, which takes writes; asked again, it changes nothing', async () => {
      const { zoneStandby, inventory, primary } = stage
      const before = await describePrimary()
      expect(before).toMatchObject({ status: 'available', role: 'primary', zone: expect.stringMatching(/./) })
      expect(await zoneStandby.failOver(primary, { key: 'run-1/fail-over' })).toEqual({ leaves: before.zone })
      const after = await untilMoved(before.zone)
      expect(after).toEqual({ ...before, zone: after.zone })
      expect(await stage.acceptsWrites()).toBe(true)
      expect(await zoneStandby.failOver(primary, { key: 'run-1/fail-over' })).toEqual({ leaves: before.zone })
      expect(await inventory.describe(primary)).toEqual(after)
      expect(await stage.acceptsWrites()).toBe(true)
    }, 60_000)

    it('refuses what does not exist or has no standby, fails where nobody answers, and has changed nothing by then', async () => {
      const { zoneStandby, primary, replica, cut, heal } = stage
      const { zone } = await describePrimary()
      const stranger = { ...primary, instance: 'no-such-instance' }
      await expect(zoneStandby.failOver(stranger, { key: 'run-2/a' })).rejects.toMatchObject({ failure: 'invalid' })
      await expect(zoneStandby.failOver(replica, { key: 'run-2/b' })).rejects.toMatchObject({ failure: 'conflict' })
      await cut()
      try {
        await expect(zoneStandby.failOver(primary, { key: 'run-2/c' })).rejects.toMatchObject({
          failure: 'unreachable',
        })
      } finally {
        await heal()
      }
      expect(await describePrimary()).toMatchObject({ status: 'available', zone })
      expect(await stage.acceptsWrites()).toBe(true)
    }, 60_000)
  })
}

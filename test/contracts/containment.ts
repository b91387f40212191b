import type { Containment } from '../../core/ports/containment'
import type { InstanceRef } from '../../core/ports/database'

/** A database with a client inside, and what a test can do to it. */
export interface ContainmentStage {
  readonly containment: Containment
  readonly compromised: InstanceRef
  /** Whether a client that stayed connected, or one that comes anew with the stolen credential, gets in. */
  letsIn(): Promise<boolean>
  /** Whether the one role that answers for the database still gets in. */
  letsFenceRoleIn(): Promise<boolean>
  /** Opens the network and the logins again, as a mistake later would, and leaves the credentials as they are. */
  reopen(): Promise<void> | void
  remove(): Promise<void>
}

/** What every containment must do, whatever keeps the network and the credentials. */
export function describeContainment(name: string, factory: () => Promise<ContainmentStage> | ContainmentStage): void {
  describe(`containment: ${name}`, () => {
    let stage: ContainmentStage
    beforeEach(async () => {
      stage = await factory()
    }, 60_000)
    afterEach(() => stage?.remove())
    const isolate = () => stage.containment.isolate(stage.compromised, { key: 'run-1/isolate' })
    const revoke = () => stage.containment.revoke(stage.compromised, { key: 'run-1/revoke' })

    it('cuts off whoever is inside and whoever comes, and not the fence role', async () => {
      expect(await stage.letsIn()).toBe(true)
      expect((await isolate()).connectionsEnded).toBeGreaterThan(0)
      expect(await stage.letsIn()).toBe(false)
      expect(await stage.letsFenceRoleIn()).toBe(true)
      await isolate()
      expect(await stage.letsIn()).toBe(false)
    }, 60_000)

    it('makes the stolen credential worthless, also when logins are opened again', async () => {
      expect(await stage.letsIn()).toBe(true)
      const revoked = await revoke()
      expect(revoked.roles).toEqual(expect.arrayContaining(['clinic_app', 'clinic_jobs']))
      expect(revoked.sessionsEnded).toBeGreaterThan(0)
      await stage.reopen()
      expect(await stage.letsIn()).toBe(false)
      expect((await revoke()).roles).toEqual(revoked.roles)
    }, 60_000)

    it('holds the other way round, and after both', async () => {
      await isolate()
      await revoke()
      await stage.reopen()
      expect(await stage.letsIn()).toBe(false)
      expect(await stage.letsFenceRoleIn()).toBe(true)
    }, 60_000)
  })
}

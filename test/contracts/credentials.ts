import type { Credentials } from '../../core/ports/credentials'
import type { InstanceRef } from '../../core/ports/database'

/** A clean database whose secrets are known to an attacker. */
export interface CredentialsStage {
  readonly credentials: Credentials
  readonly clean: InstanceRef
  /** Whether the secret of before still lets a role in. */
  letsInWithOld(): Promise<boolean>
  /** Whether the secret that its clients were handed lets it in. */
  letsInWithHanded(): Promise<boolean>
  /** Makes the database let roles in whatever their secret is. */
  trustAnySecret(): Promise<void> | void
  remove(): Promise<void>
}

/** What every rotation must do, wherever secrets are kept. */
export function describeCredentials(name: string, factory: () => Promise<CredentialsStage> | CredentialsStage): void {
  describe(`credentials: ${name}`, () => {
    let stage: CredentialsStage
    beforeEach(async () => {
      stage = await factory()
    }, 60_000)
    afterEach(() => stage?.remove())
    const rotate = () => stage.credentials.rotate(stage.clean, { key: 'run-1/rotate' })

    it('kills the old secrets and hands out new ones', async () => {
      expect(await stage.letsInWithOld()).toBe(true)
      const { rotated, stillAccepted } = await rotate()
      expect(rotated).toEqual(expect.arrayContaining(['clinic_app', 'clinic_jobs']))
      expect(rotated).not.toContain('recovery_fence')
      expect(stillAccepted).toEqual([])
      expect(await stage.letsInWithOld()).toBe(false)
      expect(await stage.letsInWithHanded()).toBe(true)
    }, 60_000)

    it('makes no newer ones for the same key, so that a crash in between locks nobody out', async () => {
      const first = await rotate()
      expect(await rotate()).toEqual(first)
      expect(await stage.letsInWithHanded()).toBe(true)
    }, 60_000)

    it('says by name what an old secret still opens', async () => {
      await stage.trustAnySecret()
      expect((await rotate()).stillAccepted).toContain('clinic_app')
    }, 60_000)
  })
}

import type { Fence, InstanceRef } from '../../core/ports/database'

/** A primary that takes writes, and what a test can do to it. */
export interface FenceStage {
  readonly fence: Fence
  readonly primary: InstanceRef
  /** Whether a client that stayed connected, or one that comes anew, can write. */
  acceptsWrites(): Promise<boolean>
  /** Makes closing miss one role, which goes on writing. */
  missRole(): Promise<void> | void
  /** Opens the primary again, and undoes `missRole` and `cut`. */
  reset(): Promise<void> | void
  /** The fence cannot reach the primary any more. */
  cut(): void
  remove(): Promise<void>
}

/** What every fence must do, whatever stands between it and the database. */
export function describeFence(name: string, factory: () => Promise<FenceStage> | FenceStage): void {
  describe(`fence: ${name}`, () => {
    let stage: FenceStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())
    beforeEach(() => stage.reset())
    const request = { key: 'run-1/fence', epoch: 2 }

    it('leaves no way to write, and proves it by name', async () => {
      expect(await stage.acceptsWrites()).toBe(true)
      const outcome = await stage.fence.close(stage.primary, request)
      expect(outcome).toMatchObject({ kind: 'fenced', rolesRefused: expect.arrayContaining(['clinic_app']) })
      expect(await stage.acceptsWrites()).toBe(false)
    })

    it('proves it again when asked again', async () => {
      await stage.fence.close(stage.primary, request)
      expect(await stage.fence.close(stage.primary, request)).toMatchObject({ kind: 'fenced' })
      expect(await stage.acceptsWrites()).toBe(false)
    })

    it('does not call fenced what still takes writes, and names the role', async () => {
      await stage.missRole()
      expect(await stage.fence.close(stage.primary, request)).toEqual({
        kind: 'not-proven',
        rolesStillWriting: ['clinic_app'],
      })
      expect(await stage.acceptsWrites()).toBe(true)
    })

    it('says unreachable, and throws nothing, when the primary does not answer', async () => {
      stage.cut()
      try {
        expect(await stage.fence.close(stage.primary, request)).toEqual({ kind: 'unreachable' })
      } finally {
        // Other suites may share the path, and none of them heals what it did not cut.
        await stage.reset()
      }
    }, 30_000)

    it('proves nothing about an instance that does not exist', async () => {
      const outcome = await stage.fence.close({ ...stage.primary, instance: 'no-such-instance' }, request)
      expect(outcome.kind).toBe('unreachable')
      expect(await stage.acceptsWrites()).toBe(true)
    })
  })
}

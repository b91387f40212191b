import type { Component, Deployments } from '../../core/ports/deployments'

/** A component that went out twice, and what a test can do to it. */
export interface DeploymentStage {
  readonly deployments: Deployments
  readonly component: Component
  /** In force at the beginning, and well. */
  readonly current: string
  /** Was in force before it, and is still held. */
  readonly previous: string
  /** A version that its place does not hold. */
  readonly gone: string
  /** A version from before a migration without a way back, and that migration. @default the kind knows none */
  readonly unreachable?: { readonly version: string; readonly migration: string }
  /** Writes rows that only the current version has a place for, and gives their number. @default the kind holds no data */
  readonly write?: () => Promise<number> | number
  /** How often another version was really put in force. */
  changes(): Promise<number> | number
  /** Lets happen what takes time. */
  settle(): Promise<void> | void
  /** What is in force fails from now on. */
  ail(): Promise<void> | void
  remove?(): Promise<void>
}

/** What every adapter of Deployments promises of a kind of component. */
export function describeDeployments(name: string, factory: () => Promise<DeploymentStage> | DeploymentStage): void {
  const request = { key: 'run-1/put-back/one' }

  describe(`deployments: ${name}`, () => {
    let stage: DeploymentStage
    beforeEach(async () => {
      stage = await factory()
    })
    afterEach(() => stage?.remove?.())

    const changed = async (to: string, key = request.key): Promise<void> => {
      await stage.deployments.putInForce(stage.component, to, { key })
      await stage.settle()
    }
    const inForce = () => stage.deployments.inForce(stage.component)

    it('tells what is in force, that it serves, and that nothing stands in the way of the one before', async () => {
      const { deployments, component, current, previous } = stage
      expect(await inForce()).toBe(current)
      expect(await deployments.serves(component)).toBe(true)
      expect(await deployments.obstacle(component, previous)).toBeUndefined()
      expect(await deployments.obstacle(component, current)).toBeUndefined()
      expect(await stage.changes()).toBe(0)
    })

    it('puts a version in force that serves, and the one it left again', async () => {
      const { deployments, component, current, previous } = stage
      await changed(previous)
      expect([await inForce(), await deployments.serves(component)]).toEqual([previous, true])
      await changed(current, `${request.key}/undo`)
      expect([await inForce(), await deployments.serves(component)]).toEqual([current, true])
      expect(await stage.changes()).toBe(2)
    })

    it('changes once, however often it is asked with the same key', async () => {
      const { deployments, component, previous } = stage
      await deployments.putInForce(component, previous, request)
      await changed(previous)
      await changed(previous)
      expect([await inForce(), await stage.changes()]).toEqual([previous, 1])
    })

    it('changes nothing where the version is in force already', async () => {
      await changed(stage.current)
      expect([await inForce(), await stage.changes()]).toEqual([stage.current, 0])
    })

    it('names a version that is gone, and refuses to put it in force', async () => {
      const { deployments, component, gone, current } = stage
      const obstacle = await deployments.obstacle(component, gone)
      expect(obstacle).toMatchObject({ code: 'VERSION_GONE' })
      expect(obstacle?.what).toContain(gone)
      const refused = deployments.putInForce(component, gone, request)
      await expect(refused).rejects.toMatchObject({ failure: 'conflict', code: 'VERSION_GONE' })
      expect([await inForce(), await stage.changes()]).toEqual([current, 0])
    })

    it('names a migration without a way back, and refuses to go behind it', async () => {
      const { deployments, component, unreachable, current } = stage
      if (!unreachable) return
      const { version, migration } = unreachable
      const obstacle = await deployments.obstacle(component, version)
      expect(obstacle).toMatchObject({ code: 'IRREVERSIBLE' })
      expect(obstacle?.what).toContain(migration)
      const refused = deployments.putInForce(component, version, request)
      await expect(refused).rejects.toMatchObject({ failure: 'conflict', code: 'IRREVERSIBLE' })
      expect([await inForce(), await stage.changes()]).toEqual([current, 0])
    })

    it('says when what is in force does not serve any more', async () => {
      await stage.ail()
      expect(await stage.deployments.serves(stage.component)).toBe(false)
    })

    it('counts what had no place in the version that went in force, and tells it again', async () => {
      const { deployments, component, previous, write } = stage
      expect(await deployments.setAside(component, request)).toEqual([])
      const written = (await write?.()) ?? 0
      await changed(previous)
      const aside = await deployments.setAside(component, request)
      expect(aside.reduce((sum, { rows }) => sum + rows, 0)).toBe(written)
      expect(await deployments.setAside(component, request)).toEqual(aside)
      expect(await deployments.setAside(component, { key: 'of-another-run' })).toEqual([])
    })
  })
}

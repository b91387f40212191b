import type { SecretCopies } from '../../core/ports/secret-copies'

/** Two secrets with their originals in one region and copies in another one, and what their owners can do. */
export interface SecretStage {
  readonly copies: SecretCopies
  readonly home: string
  readonly away: string
  readonly names: readonly [string, string]
  /** Changes a secret in a region. Rejects where it takes no change. */
  change(name: string, region: string): Promise<void>
  remove?(): Promise<void>
}

/** What every store of secrets must do with its copies. */
export function describeSecretCopies(name: string, factory: () => Promise<SecretStage> | SecretStage): void {
  describe(`secret copies: ${name}`, () => {
    let stage: SecretStage
    beforeEach(async () => {
      stage = await factory()
    })
    afterEach(() => stage?.remove?.())

    it('names what follows another region, and where', async () => {
      const { copies, home, away, names } = stage
      expect([...(await copies.copiesIn(away))].toSorted()).toEqual([...names])
      expect(await copies.copiesIn(home)).toEqual([])
      expect(await copies.differing(home, away)).toEqual([])
    })

    it('lets a copy take no change before it stands alone, and follow its original until then', async () => {
      const { copies, home, away, names } = stage
      await expect(stage.change(names[0], away)).rejects.toThrow()
      await stage.change(names[0], home)
      expect(await copies.differing(home, away)).toEqual([])
    })

    it('lets every copy of a region stand alone, with the version that was in force', async () => {
      const { copies, home, away, names } = stage
      await stage.change(names[1], home)
      expect([...(await copies.standAlone(away))].toSorted()).toEqual([...names])
      expect(await copies.copiesIn(away)).toEqual([])
      expect(await copies.differing(home, away)).toEqual([])
    })

    it('names what was changed in one region only, from either side', async () => {
      const { copies, home, away, names } = stage
      await copies.standAlone(away)
      await stage.change(names[0], away)
      expect(await copies.differing(home, away)).toEqual([names[0]])
      expect(await copies.differing(away, home)).toEqual([names[0]])
    })

    it('changes nothing when it is asked again, and nothing about originals', async () => {
      const { copies, home, away, names } = stage
      expect(await copies.standAlone(home)).toEqual([])
      await copies.standAlone(away)
      await stage.change(names[0], away)
      expect(await copies.standAlone(away)).toEqual([])
      expect(await copies.differing(home, away)).toEqual([names[0]])
    })
  })
}

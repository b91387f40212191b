import type { ArchiveDisposal, ArchivedVersion } from '../../core/ports/archive-disposal'

/** An archive into which a test can put versions. */
export interface ArchiveStage {
  readonly archive: ArchiveDisposal
  /** Puts one more version under a key; which one it became, the archive says. */
  add(key: string, kept?: Kept): Promise<ArchivedVersion> | ArchivedVersion
}

/** What keeps a version from being destroyed. */
export type Kept = Partial<Pick<ArchivedVersion, 'lockedUntil' | 'legalHold'>>

const LOCKED_UNTIL = '2099-01-01T00:00:00.000Z'

/** What every archive must do for whoever disposes. Everything lies in the class `phi`. */
export function describeArchiveDisposal(name: string, factory: () => Promise<ArchiveStage> | ArchiveStage): void {
  describe(`archive disposal: ${name}`, () => {
    let stage: ArchiveStage
    beforeEach(async () => {
      stage = await factory()
    })

    it('names every version of a key, with its lock and its legal hold, and those of no other key', async () => {
      const own = [await stage.add('a/1', { lockedUntil: LOCKED_UNTIL }), await stage.add('a/1', { legalHold: true })]
      for (const key of ['a/10', 'b']) await stage.add(key)
      expect(own).toMatchObject([{ lockedUntil: LOCKED_UNTIL, legalHold: false }, { legalHold: true }])
      expect(await stage.archive.versions('phi', 'a/1')).toEqual(expect.arrayContaining(own))
      expect(await stage.archive.versions('phi', 'a/1')).toHaveLength(2)
      expect(await stage.archive.versions('phi', 'none')).toEqual([])
    })

    it('names more versions than fit on one page', async () => {
      for (let i = 0; i < 7; i++) await stage.add('many')
      expect(await stage.archive.versions('phi', 'many')).toHaveLength(7)
    })

    it('deletes one version and leaves the others; a second time changes nothing', async () => {
      const [first, second] = [await stage.add('a'), await stage.add('a')]
      await stage.archive.deleteVersion('phi', first)
      await stage.archive.deleteVersion('phi', first)
      expect(await stage.archive.versions('phi', 'a')).toEqual([second])
    })

    it.each([
      ['locked', { lockedUntil: LOCKED_UNTIL }],
      ['on legal hold', { legalHold: true }],
    ])('never deletes what is %s', async (_what, kept) => {
      const held = await stage.add('a', kept)
      await expect(stage.archive.deleteVersion('phi', held)).rejects.toMatchObject({ failure: 'denied' })
      expect(await stage.archive.versions('phi', 'a')).toEqual([held])
    })
  })
}

import type { ArchiveDisposal, ArchivedVersion } from '../../core/ports/archive-disposal'

/** An archive into which a test can put versions. */
export interface ArchiveStage {
  readonly archive: ArchiveDisposal
  add(version: ArchivedVersion): void
}

/** What every archive must do for whoever disposes. Everything lies in the class `phi`. */
export function describeArchiveDisposal(name: string, factory: () => ArchiveStage): void {
  describe(`archive disposal: ${name}`, () => {
    let stage: ArchiveStage
    beforeEach(() => {
      stage = factory()
    })
    const archivedAt = '2000-01-01T00:00:00.000Z'
    const version = (key: string, versionId: string, more: Partial<ArchivedVersion> = {}): ArchivedVersion => ({
      key,
      versionId,
      archivedAt,
      legalHold: false,
      ...more,
    })

    it('names every version of a key, with its lock and its legal hold, and those of no other key', async () => {
      const lockedUntil = '2001-01-01T00:00:00.000Z'
      const own = [version('a/1', 'v1', { lockedUntil }), version('a/1', 'v2', { legalHold: true })]
      for (const held of [...own, version('a/10', 'v3'), version('b', 'v4')]) stage.add(held)
      expect(await stage.archive.versions('phi', 'a/1')).toEqual(expect.arrayContaining(own))
      expect(await stage.archive.versions('phi', 'a/1')).toHaveLength(2)
      expect(await stage.archive.versions('phi', 'none')).toEqual([])
    })

    it('names more versions than fit on one page', async () => {
      for (let i = 0; i < 7; i++) stage.add(version('many', `v${i}`))
      expect(await stage.archive.versions('phi', 'many')).toHaveLength(7)
    })

    it('deletes one version and leaves the others; a second time changes nothing', async () => {
      const [first, second] = [version('a', 'v1'), version('a', 'v2')]
      stage.add(first)
      stage.add(second)
      await stage.archive.deleteVersion('phi', first)
      await stage.archive.deleteVersion('phi', first)
      expect(await stage.archive.versions('phi', 'a')).toEqual([second])
    })

    it.each([
      ['locked', { lockedUntil: '2999-01-01T00:00:00.000Z' }],
      ['on legal hold', { legalHold: true }],
    ])('never deletes what is %s', async (_what, more) => {
      const held = version('a', 'v1', more)
      stage.add(held)
      await expect(stage.archive.deleteVersion('phi', held)).rejects.toMatchObject({ failure: 'denied' })
      expect(await stage.archive.versions('phi', 'a')).toEqual([held])
    })
  })
}

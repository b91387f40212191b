import type { InstanceRef } from '../../core/ports/database'
import type { Forensics, Preservation } from '../../core/ports/forensics'

/** A database that was attacked, and what a test can do to it and to what was kept. */
export interface ForensicsStage {
  readonly forensics: Forensics
  readonly compromised: InstanceRef
  /** Lets pass what a copy takes. */
  settle(): Promise<void> | void
  /** How many copies lie where they are kept. */
  copies(): Promise<number> | number
  /** Changes something in a kept copy, as somebody with all rights could. @default nobody could */
  tamper?(name: string): Promise<void>
  remove(): Promise<void>
}

/** What every keeper of evidence must do. */
export function describeForensics(name: string, factory: () => Promise<ForensicsStage> | ForensicsStage): void {
  describe(`forensics: ${name}`, () => {
    let stage: ForensicsStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())

    async function preserve(key: string): Promise<Extract<Preservation, { kind: 'preserved' }>> {
      for (;;) {
        const kept = await stage.forensics.preserve(stage.compromised, { key })
        if (kept.kind === 'preserved') return kept
        await stage.settle()
      }
    }

    it('keeps one copy, named, counted and hashed, and asked again tells the same', async () => {
      const before = await stage.copies()
      const kept = await preserve('run-1/preserve')
      expect(kept.manifestSha256).toMatch(/^[0-9a-f]{64}$/)
      expect(kept.files).toBeGreaterThan(0)
      expect(kept.bytes).toBeGreaterThan(0)
      expect(await preserve('run-1/preserve')).toEqual(kept)
      expect(await stage.copies()).toBe(before + 1)
    }, 60_000)

    it('keeps another one under another key, and touches none', async () => {
      const first = await preserve('run-2/preserve')
      const second = await preserve('run-3/preserve')
      expect(second.name).not.toBe(first.name)
      expect(await preserve('run-2/preserve')).toEqual(first)
    }, 60_000)

    it('does not pass off as kept what was changed since', async () => {
      const kept = await preserve('run-4/preserve')
      if (!stage.tamper) return
      await stage.tamper(kept.name)
      await expect(preserve('run-4/preserve')).rejects.toMatchObject({
        failure: 'conflict',
        code: 'FORENSIC_COPY_CHANGED',
      })
    }, 60_000)
  })
}

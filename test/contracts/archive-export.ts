import { LARGEST_READ_BYTES, type ArchiveIntake } from '../../core/ports/archive-intake'
import type { SnapshotExports } from '../../core/ports/snapshot-exports'

interface ExportsUnderTest {
  readonly exports: SnapshotExports
  snapshot(arn: string, takenAt: string): void
  end(id: string, status: 'complete' | 'failed', warned?: boolean): void
}

/** What every adapter of SnapshotExports promises. */
export function describeSnapshotExports(name: string, make: () => ExportsUnderTest): void {
  describe(`snapshot exports: ${name}`, () => {
    it('knows the newest snapshot, and that there is none', async () => {
      const { exports, snapshot } = make()
      expect(await exports.newestSnapshot()).toBeUndefined()
      snapshot('arn:b', '2026-11-02T05:00:00.000Z')
      snapshot('arn:c', '2026-11-03T05:00:00.000Z')
      snapshot('arn:a', '2026-11-01T05:00:00.000Z')
      expect(await exports.newestSnapshot()).toEqual({ arn: 'arn:c', takenAt: '2026-11-03T05:00:00.000Z' })
    })

    it('starts a task once, and tells how it stands', async () => {
      const { exports, end } = make()
      expect(await exports.task('archive-phi-2026-11-1')).toBeUndefined()
      const wanted = { id: 'archive-phi-2026-11-1', snapshot: 'arn:c', tables: ['clinic.records'] }
      await exports.start(wanted)
      await exports.start(wanted)
      expect(await exports.task(wanted.id)).toEqual({
        id: wanted.id,
        status: 'running',
        warned: false,
        snapshot: 'arn:c',
      })
      end(wanted.id, 'complete')
      expect(await exports.task(wanted.id)).toMatchObject({ status: 'complete', warned: false })
      end(wanted.id, 'complete', true)
      expect(await exports.task(wanted.id)).toMatchObject({ status: 'complete', warned: true })
      await exports.start({ ...wanted, id: 'archive-phi-2026-11-2' })
      end('archive-phi-2026-11-2', 'failed')
      expect(await exports.task('archive-phi-2026-11-2')).toMatchObject({ status: 'failed' })
    })
  })
}

interface IntakeUnderTest {
  readonly archive: ArchiveIntake
  stage(key: string, text: string): void
}

/** What every adapter of ArchiveIntake promises. Everything goes into the class `phi`. */
export function describeArchiveIntake(name: string, make: () => IntakeUnderTest): void {
  describe(`archive intake: ${name}`, () => {
    it('lists what is staged below a prefix, in key order, with its size, over many pages', async () => {
      const { archive, stage } = make()
      for (let i = 9; i >= 0; i -= 1) stage(`task-1/part-${i}`, 'x'.repeat(i + 1))
      stage('task-10/part-0', 'other')
      const found: { key: string; bytes: number }[] = []
      for await (const staged of archive.staged('task-1/')) found.push(staged)
      expect(found).toEqual(Array.from({ length: 10 }, (_, i) => ({ key: `task-1/part-${i}`, bytes: i + 1 })))
    })

    it('takes a file, and says what it holds', async () => {
      const { archive, stage } = make()
      stage('task-1/a b+c.parquet', 'content')
      expect(await archive.holds('phi', 'exports/a')).toBe(false)
      await archive.take('phi', { key: 'task-1/a b+c.parquet', bytes: 7 }, 'exports/a')
      expect(await archive.holds('phi', 'exports/a')).toBe(true)
      await expect(archive.take('phi', { key: 'task-1/gone', bytes: 7 }, 'exports/b')).rejects.toMatchObject({
        code: 'NoSuchKey',
      })
      expect(await archive.holds('phi', 'exports/b')).toBe(false)
    })

    it('reads what is staged, and refuses what is data', async () => {
      const { archive, stage } = make()
      stage('task-1/info.json', '{"ação": 1}')
      expect(await archive.read({ key: 'task-1/info.json', bytes: 13 })).toBe('{"ação": 1}')
      await expect(archive.read({ key: 'task-1/gone', bytes: 7 })).rejects.toMatchObject({ code: 'NoSuchKey' })
      stage('task-1/part-0', 'x'.repeat(LARGEST_READ_BYTES + 1))
      const large = { key: 'task-1/part-0', bytes: LARGEST_READ_BYTES + 1 }
      await expect(archive.read(large)).rejects.toMatchObject({ failure: 'invalid', code: 'OBJECT_TOO_LARGE' })
    })

    it('writes a text once', async () => {
      const { archive } = make()
      await archive.write('phi', 'exports/manifest.json', 'first')
      await archive.write('phi', 'exports/manifest.json', 'second')
      expect(await archive.holds('phi', 'exports/manifest.json')).toBe(true)
    })
  })
}

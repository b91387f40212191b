import type { DataClass } from '../../core/ports/archive-disposal'
import type { ArchiveReading } from '../../core/ports/archive-reading'

/** Puts an object into the archive that is then read, as whoever archives does. */
export type Archived = (dataClass: DataClass, key: string, bytes: Buffer) => Promise<void>

/** What every adapter of ArchiveReading promises. `make` gives an empty archive; `partBytes` is what it reads at a time at most. */
export function describeArchiveReading(
  name: string,
  make: () => { readonly archive: ArchiveReading; readonly archived: Archived },
  partBytes: number,
): void {
  const read = async (archive: ArchiveReading, key: string) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of archive.read('phi', key)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  describe(`reading of the archive: ${name}`, () => {
    it('lists what a class holds below a prefix, with sizes and in the order of the keys, which the hash of a list is made of', async () => {
      const { archive, archived } = make()
      const sizes = { 'exports/b': 3, 'exports/a/2': 1, 'exports/a/10': 2, 'dumps/z': 4, 'exports/c': 200 }
      for (const [key, size] of Object.entries(sizes)) await archived('phi', key, Buffer.alloc(size, 0xff))
      await archived('pii', 'exports/d', Buffer.from('x'))
      const found: [string, number][] = []
      for await (const { key, bytes } of archive.objects('phi', 'exports/')) found.push([key, bytes])
      expect(found).toEqual([
        ['exports/a/10', 2],
        ['exports/a/2', 1],
        ['exports/b', 3],
        ['exports/c', 200],
      ])
    })

    it.each([0, 1, partBytes - 1, partBytes, partBytes + 1, 3 * partBytes])(
      'gives %i bytes as they are',
      async (size) => {
        const { archive, archived } = make()
        const whole = Buffer.from(Array.from({ length: size }, (_, at) => (at % 2 === 0 ? 0xff : at % 251)))
        await archived('phi', 'dumps/a', whole)
        expect((await read(archive, 'dumps/a')).equals(whole)).toBe(true)
      },
    )

    it('says that a key holds nothing', async () => {
      await expect(read(make().archive, 'dumps/a')).rejects.toMatchObject({
        failure: 'invalid',
        code: 'ARCHIVE_OBJECT_MISSING',
      })
    })
  })
}

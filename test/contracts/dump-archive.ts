import type { DumpArchive } from '../../core/ports/logical-dump'

/** What every adapter of DumpArchive promises. Everything goes into the class `phi`. */
export function describeDumpArchive(name: string, make: () => DumpArchive): void {
  describe(`dump archive: ${name}`, () => {
    it('holds a stream once it has taken all of it', async () => {
      const archive = make()
      expect(await archive.holds('phi', 'dumps/a')).toBe(false)
      await archive.keep('phi', 'dumps/a', chunksOf('one', 'two'))
      expect(await archive.holds('phi', 'dumps/a')).toBe(true)
      expect(await archive.holds('phi', 'dumps/b')).toBe(false)
    })

    it('holds nothing of a stream that broke off', async () => {
      const archive = make()
      await expect(archive.keep('phi', 'dumps/a', brokenAfter('one'))).rejects.toThrow('broke off')
      expect(await archive.holds('phi', 'dumps/a')).toBe(false)
    })

    it('writes a text once', async () => {
      const archive = make()
      await archive.write('phi', 'dumps/manifest.json', 'first')
      await archive.write('phi', 'dumps/manifest.json', 'second')
      expect(await archive.holds('phi', 'dumps/manifest.json')).toBe(true)
    })
  })
}

async function* chunksOf(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function* brokenAfter(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
  throw new Error('the stream broke off')
}

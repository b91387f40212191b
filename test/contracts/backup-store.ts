import { randomBytes } from 'node:crypto'
import type { BackupStore } from '../../core/ports/backup-store'

/** What every place for backups must do. */
export function describeBackupStore(name: string, make: () => Promise<BackupStore> | BackupStore): void {
  describe(`backup store: ${name}`, () => {
    let store: BackupStore
    beforeEach(async () => {
      store = await make()
    })

    it('gives back what it keeps, byte for byte, however it came', async () => {
      const bytes = randomBytes(200_000)
      await store.keep('a/data', pieces(bytes))
      expect((await whole(store.read('a/data'))).equals(bytes)).toBe(true)
      await store.keep('a/empty', pieces(Buffer.alloc(0)))
      expect(await whole(store.read('a/empty'))).toHaveLength(0)
    })

    it('keeps nothing of a stream that broke off, and takes it whole when it is sent again', async () => {
      await expect(store.keep('a/data', broken())).rejects.toThrow('broke off')
      expect(await namesIn(store, '')).toEqual([])
      await store.keep('a/data', pieces(Buffer.from('whole')))
      expect(String(await whole(store.read('a/data')))).toBe('whole')
    })

    it('keeps what it has under a name that is taken', async () => {
      await store.keep('a/data', pieces(Buffer.from('first')))
      await expect(store.keep('a/data', pieces(Buffer.from('second')))).rejects.toMatchObject({ failure: 'conflict' })
      expect(String(await whole(store.read('a/data')))).toBe('first')
    })

    it('puts one text in the place of another', async () => {
      await store.keep('a/manifest', pieces(Buffer.from('first')))
      await store.replace('a/manifest', 'second')
      expect(String(await whole(store.read('a/manifest')))).toBe('second')
    })

    it('says so of a name that nothing holds', async () => {
      await expect(whole(store.read('a/none'))).rejects.toMatchObject({
        failure: 'invalid',
        code: 'BACKUP_FILE_MISSING',
      })
    })

    it('lists names by prefix, in order', async () => {
      for (const at of ['b/2', 'a/1', 'b/1', 'a/3', 'a/2']) await store.keep(at, pieces(Buffer.from(at)))
      expect(await namesIn(store, '')).toEqual(['a/1', 'a/2', 'a/3', 'b/1', 'b/2'])
      expect(await namesIn(store, 'b/')).toEqual(['b/1', 'b/2'])
    })
  })
}

async function namesIn(store: BackupStore, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const name of store.names(prefix)) found.push(name)
  return found
}

async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000)
}

async function* broken(): AsyncIterable<Uint8Array> {
  yield randomBytes(100_000)
  throw new Error('the stream broke off')
}

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

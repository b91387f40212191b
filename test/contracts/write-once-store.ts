import type { WriteOnceStore } from '../../core/ports/write-once-store'

/** What every write-once store must do, whatever it is made of. */
export function describeWriteOnceStore(name: string, factory: () => Promise<WriteOnceStore> | WriteOnceStore): void {
  describe(`write-once store: ${name}`, () => {
    let store: WriteOnceStore
    beforeEach(async () => {
      store = await factory()
    })

    const listed = async (prefix: string): Promise<string[]> => {
      const keys: string[] = []
      for await (const key of store.keys(prefix)) keys.push(key)
      return keys
    }

    it('gives back what was stored', async () => {
      expect(await store.create('records/a/b/000000000001', 'olá\n"é"')).toBe('created')
      expect(await store.get('records/a/b/000000000001')).toBe('olá\n"é"')
    })

    it('keeps the first content of a key', async () => {
      await store.create('a', 'first')
      expect(await store.create('a', 'second')).toBe('exists')
      expect(await store.get('a')).toBe('first')
    })

    it('lets exactly one of many simultaneous writers win, and keeps the winner whole', async () => {
      const texts = Array.from({ length: 12 }, (_, at) => String(at).repeat(5_000))
      const written = await Promise.all(texts.map((text) => store.create('race/one', text)))
      expect(written.filter((result) => result === 'created')).toHaveLength(1)
      expect(await store.get('race/one')).toBe(texts[written.indexOf('created')])
    })

    it('has nothing under a key that was never written', async () => {
      expect(await store.get('none/such')).toBeUndefined()
    })

    it('lists keys with a prefix in key order, also where a slash meets a dash', async () => {
      for (const key of ['b/2', 'a/c', 'a-b/1', 'a/b/1', 'b/1', 'ab']) await store.create(key, 'x')
      expect(await listed('')).toEqual(['a-b/1', 'a/b/1', 'a/c', 'ab', 'b/1', 'b/2'])
      expect(await listed('a/')).toEqual(['a/b/1', 'a/c'])
      expect(await listed('a')).toEqual(['a-b/1', 'a/b/1', 'a/c', 'ab'])
      expect(await listed('c')).toEqual([])
    })
  })
}

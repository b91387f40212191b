import type { ConditionalStore } from '../../core/ports/conditional-store'

/** What every conditional store must do, whatever it is made of. */
export function describeConditionalStore(
  name: string,
  factory: () => Promise<ConditionalStore> | ConditionalStore,
): void {
  describe(`conditional store: ${name}`, () => {
    let store: ConditionalStore
    beforeEach(async () => {
      store = await factory()
    })

    it('has nothing under a key that was never written', async () => {
      expect(await store.get('none/such')).toBeUndefined()
    })

    it('gives back what was created, whole', async () => {
      const value = { text: 'olá "é"\n', nested: [1, null, { deep: true }] }
      expect(await store.create('a/b', value)).toBe('created')
      expect(await store.get('a/b')).toMatchObject({ key: 'a/b', value })
    })

    it('creates only where nothing is', async () => {
      await store.create('a', 1)
      expect(await store.create('a', 2)).toBe('exists')
      expect((await store.get('a'))?.value).toBe(1)
    })

    it('replaces only the version that was read', async () => {
      await store.create('a', 1)
      const { version } = (await store.get('a'))!
      expect(await store.replace('a', 2, version)).toBe('replaced')
      expect(await store.replace('a', 3, version)).toBe('stale')
      expect((await store.get('a'))?.value).toBe(2)
    })

    it('changes the version also when the same value is written again', async () => {
      await store.create('a', 1)
      const { version } = (await store.get('a'))!
      await store.replace('a', 1, version)
      expect((await store.get('a'))?.version).not.toBe(version)
    })

    it('does not replace what does not exist', async () => {
      expect(await store.replace('none', 1, '1')).toBe('stale')
      expect(await store.get('none')).toBeUndefined()
    })

    it('lets exactly one of many simultaneous writers win', async () => {
      await store.create('race', 'start')
      const { version } = (await store.get('race'))!
      const written = await Promise.all(
        Array.from({ length: 12 }, (_, writer) => store.replace('race', `writer ${writer}`, version)),
      )
      expect(written.filter((result) => result === 'replaced')).toHaveLength(1)
      expect((await store.get('race'))?.value).toBe(`writer ${written.indexOf('replaced')}`)
    })

    it('lists a prefix in key order, over many pages, and nothing beside it', async () => {
      const keys = Array.from({ length: 60 }, (_, at) => `ledger/${String(at).padStart(4, '0')}`)
      for (const key of keys.toReversed()) await store.create(key, key)
      await store.create('ledger', 'beside')
      await store.create('other/1', 'beside')
      const listed: string[] = []
      for await (const { key, value } of store.list('ledger/')) {
        expect(value).toBe(key)
        listed.push(key)
      }
      expect(listed).toEqual(keys)
    })
  })
}

import { isPortError } from '../../core/ports/errors'
import type { KeyHolder } from '../../core/ports/data-keys'

/** Two holders: what one wraps, the other must not unwrap. */
export interface DataKeyHolders {
  readonly own: KeyHolder
  readonly foreign: KeyHolder
}

/** What every holder of data keys must do. */
export function describeDataKeys(name: string, factory: () => Promise<DataKeyHolders> | DataKeyHolders): void {
  describe(`data keys: ${name}`, () => {
    let keys: DataKeyHolders
    beforeEach(async () => {
      keys = await factory()
    })
    const context = { purpose: 'test', key: 'a/b' }

    it('gives the plain key back for the same context, however its words are ordered', async () => {
      const { plain, wrapped } = await keys.own.make(context)
      expect(plain).toHaveLength(32)
      const again = await keys.own.unwrap(wrapped, { key: 'a/b', purpose: 'test' })
      expect(Buffer.from(again).equals(Buffer.from(plain))).toBe(true)
    })

    it('makes another key each time, and never shows it in the wrapped form', async () => {
      const [first, second] = [await keys.own.make(context), await keys.own.make(context)]
      expect(Buffer.from(first.plain).equals(Buffer.from(second.plain))).toBe(false)
      expect(Buffer.from(first.wrapped, 'base64').includes(Buffer.from(first.plain))).toBe(false)
    })

    it.each([
      ['another word', { purpose: 'test', key: 'a/c' }],
      ['a word less', { purpose: 'test' }],
    ])('refuses a context with %s', async (_what, other) => {
      const { wrapped } = await keys.own.make(context)
      await expect(keys.own.unwrap(wrapped, other)).rejects.toMatchObject({ failure: 'invalid' })
    })

    it('refuses what another holder wrapped', async () => {
      const { wrapped } = await keys.foreign.make(context)
      const outcome = await keys.own.unwrap(wrapped, context).then(
        () => 'unwrapped',
        (error: unknown) => (isPortError(error) ? error.failure : error),
      )
      expect(['invalid', 'denied']).toContain(outcome)
    })

    it('takes over a key that another holder wrapped, for the same context and no other', async () => {
      const { plain, wrapped } = await keys.foreign.make(context)
      const taken = await keys.own.wrap(await keys.foreign.unwrap(wrapped, context), context)
      expect(Buffer.from(await keys.own.unwrap(taken, context)).equals(Buffer.from(plain))).toBe(true)
      await expect(keys.own.unwrap(taken, { ...context, key: 'a/c' })).rejects.toMatchObject({ failure: 'invalid' })
    })

    it('refuses what is damaged', async () => {
      const { wrapped } = await keys.own.make(context)
      const bytes = Buffer.from(wrapped, 'base64')
      bytes[bytes.length - 1]! ^= 1
      await expect(keys.own.unwrap(bytes.toString('base64'), context)).rejects.toMatchObject({ failure: 'invalid' })
    })
  })
}

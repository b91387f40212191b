import { createHash } from 'node:crypto'
import { bundleKey } from '../../core/code/manifest'
import type { CodeCopies } from '../../core/ports/code-copies'

const content = Buffer.from('# v2 git bundle\nolá')
const sha256 = createHash('sha256').update(content).digest('hex')
const key = bundleKey('a'.repeat(40), sha256)

/** What every place that keeps copies of the code must do. */
export function describeCodeCopies(name: string, factory: () => Promise<CodeCopies> | CodeCopies): void {
  describe(`code copies: ${name}`, () => {
    let copies: CodeCopies
    beforeEach(async () => {
      copies = await factory()
    })

    it('gives a bundle back byte by byte, and says itself how long it is and what its hash is', async () => {
      expect(await copies.storeBundle(key, content, sha256)).toBe('created')
      expect(await copies.describeBundle(key)).toEqual({ bytes: content.length, sha256 })
      expect(Buffer.from((await copies.readBundle(key)) ?? []).equals(content)).toBe(true)
    })

    it('keeps the first bundle of a key', async () => {
      await copies.storeBundle(key, content, sha256)
      expect(await copies.storeBundle(key, content, sha256)).toBe('exists')
    })

    it('refuses a bundle that has another hash than stated, and then holds nothing', async () => {
      await expect(copies.storeBundle(key, Buffer.from('other'), sha256)).rejects.toMatchObject({ failure: 'invalid' })
      expect(await copies.describeBundle(key)).toBeUndefined()
    })

    it('has nothing under a key that was never written', async () => {
      expect(await copies.describeBundle(key)).toBeUndefined()
      expect(await copies.readBundle(key)).toBeUndefined()
    })
  })
}

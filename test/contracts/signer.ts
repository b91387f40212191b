import { createPublicKey, verify } from 'node:crypto'
import type { Signer } from '../../core/ports/write-once-store'

/** What every signer must do, wherever its key is held. */
export function describeSigner(name: string, factory: () => Promise<Signer> | Signer): void {
  describe(`signer: ${name}`, () => {
    let signer: Signer
    beforeEach(async () => {
      signer = await factory()
    })

    const isValid = async (text: string, signature: string): Promise<boolean> =>
      verify(
        'sha256',
        Buffer.from(text, 'utf8'),
        createPublicKey(await signer.publicKey()),
        Buffer.from(signature, 'base64'),
      )

    it('signs what its public key verifies, and nothing else', async () => {
      const signature = await signer.sign('checkpoint é\n')
      expect(await isValid('checkpoint é\n', signature)).toBe(true)
      expect(await isValid('checkpoint e\n', signature)).toBe(false)
    })

    it('verifies every signature of the same text', async () => {
      const signatures = await Promise.all([signer.sign('same'), signer.sign('same')])
      for (const signature of signatures) expect(await isValid('same', signature)).toBe(true)
    })

    it('shows a P-256 public key, always the same one, and no private half', async () => {
      const pem = await signer.publicKey()
      expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----/)
      expect(createPublicKey(pem).asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
      expect(await signer.publicKey()).toBe(pem)
    })

    it('names its key', () => {
      expect(signer.keyId).toMatch(/\S/)
    })
  })
}

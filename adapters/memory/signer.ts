import { generateKeyPairSync, sign } from 'node:crypto'
import type { Signer } from '../../core/ports/write-once-store'

/** A signer whose key lives as long as the process. */
export class MemorySigner implements Signer {
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  constructor(readonly keyId: string) {}

  async sign(text: string): Promise<string> {
    return sign('sha256', Buffer.from(text, 'utf8'), this.pair.privateKey).toString('base64')
  }

  async publicKey(): Promise<string> {
    return this.pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  }
}

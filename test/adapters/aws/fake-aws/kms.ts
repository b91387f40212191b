import { generateKeyPairSync, sign } from 'node:crypto'
import { json, type Call, type Service } from './wire'

/** One signing key, P-256. */
export class FakeKms implements Service {
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  action = ({ headers }: Omit<Call, 'action'>) => `kms:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  answer({ action, body }: Call) {
    const { Message, MessageType, SigningAlgorithm } = JSON.parse(body) as Record<string, string | undefined>
    if (action === 'kms:GetPublicKey') {
      return json({ PublicKey: this.pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') })
    }
    if (MessageType !== 'RAW' || SigningAlgorithm !== 'ECDSA_SHA_256' || !Message)
      return this.error('ValidationException')
    const message = Buffer.from(Message, 'base64')
    if (message.length > 4096) return this.error('ValidationException')
    return json({ Signature: sign('sha256', message, this.pair.privateKey).toString('base64') })
  }
}

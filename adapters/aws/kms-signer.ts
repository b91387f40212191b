import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, SignCommand, type KMSClient } from '@aws-sdk/client-kms'
import { PortError } from '../../core/ports/errors'
import type { Signer } from '../../core/ports/write-once-store'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const MESSAGE_BYTES = 4096

/** A signer whose private key never leaves KMS. `keyId` is an alias or a key ARN of its own region. */
export class KmsSigner implements Signer {
  constructor(
    private readonly client: KMSClient,
    readonly keyId: string,
  ) {}

  async sign(text: string): Promise<string> {
    const message = Buffer.from(text, 'utf8')
    if (message.length > MESSAGE_BYTES) {
      throw new PortError(
        'invalid',
        'TEXT_TOO_LONG',
        `KMS signs at most ${MESSAGE_BYTES} bytes, got ${message.length}; sign a hash`,
      )
    }
    const command = new SignCommand({
      KeyId: this.keyId,
      Message: message,
      MessageType: 'RAW',
      SigningAlgorithm: 'ECDSA_SHA_256',
    })
    const { Signature } = await asking('signing', () => this.client.send(command, within(CALL_MS)))
    return Buffer.from(present(Signature)).toString('base64')
  }

  async publicKey(): Promise<string> {
    const command = new GetPublicKeyCommand({ KeyId: this.keyId })
    const { PublicKey } = await asking('reading the public key', () => this.client.send(command, within(CALL_MS)))
    const key = createPublicKey({ key: Buffer.from(present(PublicKey)), format: 'der', type: 'spki' })
    return key.export({ type: 'spki', format: 'pem' }).toString()
  }
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes) return bytes
  throw new PortError('unreachable', 'KMS_EMPTY_ANSWER', 'KMS answered without the bytes that were asked for')
}

import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { DataKey, DataKeys, KeyContext } from '../../core/ports/data-keys'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** Data keys under a key of KMS in the client's region; `keyId` is its alias. */
export class KmsDataKeys implements DataKeys {
  constructor(
    private readonly client: KMSClient,
    private readonly keyId: string,
  ) {}

  async make(context: KeyContext): Promise<DataKey> {
    const command = new GenerateDataKeyCommand({
      KeyId: this.keyId,
      KeySpec: 'AES_256',
      EncryptionContext: { ...context },
    })
    const { Plaintext, CiphertextBlob } = await asking('making a data key', () =>
      this.client.send(command, within(CALL_MS)),
    )
    return { plain: present(Plaintext), wrapped: Buffer.from(present(CiphertextBlob)).toString('base64') }
  }

  async unwrap(wrapped: string, context: KeyContext): Promise<Uint8Array> {
    const command = new DecryptCommand({
      // Named, so that a blob of any other key that we may use is refused.
      KeyId: this.keyId,
      CiphertextBlob: Buffer.from(wrapped, 'base64'),
      EncryptionContext: { ...context },
    })
    const { Plaintext } = await asking('unwrapping a data key', () => this.client.send(command, within(CALL_MS)))
    return present(Plaintext)
  }
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes) return bytes
  throw new PortError('unreachable', 'KMS_EMPTY_ANSWER', 'KMS answered without the bytes that were asked for')
}

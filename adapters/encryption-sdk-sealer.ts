import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { buildClient, CommitmentPolicy, type KeyringNode } from '@aws-crypto/client-node'
import type { SealContext, StreamSealer } from '../core/ports/logical-dump'

/**
 * Streams in the message format of the AWS Encryption SDK: AES-256-GCM in frames, with a key of their own that is committed
 * to, the context authenticated with each (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html).
 * Any tool of that SDK opens them, also one that knows nothing of us. The key of keys is the keyring's.
 */
export class EncryptionSdkSealer implements StreamSealer {
  private readonly client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

  constructor(private readonly keyring: KeyringNode) {}

  async *seal(bytes: AsyncIterable<Uint8Array>, context: SealContext): AsyncIterable<Uint8Array> {
    const sealing = this.client.encryptStream(this.keyring, { encryptionContext: { ...context } })
    const sealed = new PassThrough()
    sealing.once('error', (error) => sealed.destroy(error))
    sealing.pipe(sealed)
    const reader = new AbortController()
    const feeding = feed(bytes, sealing, reader.signal)
    // Told below, in its turn; until then nobody waits for it.
    feeding.catch(() => undefined)
    try {
      yield* sealed
      // A source that failed has ended the message like one that was whole, so that its error is what ends the stream.
      await feeding
    } finally {
      reader.abort()
      // Read to its end where nobody else does: the SDK's stream cannot be destroyed without an error that nobody catches.
      sealing.resume()
    }
  }
}

async function feed(bytes: AsyncIterable<Uint8Array>, into: NodeJS.WritableStream, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted()
      if (!into.write(chunk)) await once(into, 'drain', { signal })
    }
  } finally {
    into.end()
  }
}

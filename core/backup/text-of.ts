import { PortError } from '../ports/errors'

/** Far more than a manifest of ten thousand tables; what is longer is none. */
const LONGEST_BYTES = 64 * 1024 ** 2

/** A short stream as text. */
export async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > LONGEST_BYTES)
      throw new PortError(
        'invalid',
        'MANIFEST_FORM',
        `the manifest is longer than ${LONGEST_BYTES} bytes; take another copy`,
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

import { createCipheriv, createDecipheriv } from 'node:crypto'
import { isPortError, PortError } from '../ports/errors'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
export const TAG_BYTES = 16
/** What is sealed at a time, and so what one damaged byte costs: large enough that a tag is nothing beside it. */
export const CHUNK_BYTES = 1024 ** 2

/** Key of one stream, never of a second one, and words that bind the stream to what it belongs to. */
export interface StreamSeal {
  readonly key: Uint8Array
  readonly context: string
  /** @default CHUNK_BYTES */
  readonly chunkBytes?: number
}

/**
 * Seals a stream in chunks, so that neither side holds more than two of them: the STREAM construction of Hoang, Reyhanitabar,
 * Rogaway and Vizár (https://eprint.iacr.org/2015/189), laid out as age does (https://c2sp.org/age). The number of a chunk
 * and whether it is the last one are in its nonce: a chunk that was moved, repeated or dropped does not open, and neither does
 * a stream that was cut between two of them.
 */
export async function* sealStream(seal: StreamSeal, plain: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const { chunkBytes = CHUNK_BYTES } = seal
  let at = 0
  for await (const { bytes, last } of inChunks(plain, chunkBytes)) {
    const cipher = createCipheriv(CIPHER, seal.key, nonceOf(at, last), { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(seal.context, 'utf8'))
    yield cipher.update(bytes)
    cipher.final()
    yield cipher.getAuthTag()
    at++
  }
}

/**
 * The stream again, chunk by chunk as each proves to be what was sealed. Throws PortError('invalid'), before giving anything of
 * it, at the first chunk that is not: `STREAM_DAMAGED`, or `STREAM_CUT` where all is well and the end is missing.
 */
export async function* openStream(seal: StreamSeal, sealed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const { chunkBytes = CHUNK_BYTES } = seal
  let at = 0
  for await (const { bytes, last } of inChunks(sealed, chunkBytes + TAG_BYTES)) {
    const plain = opened(seal, bytes, nonceOf(at, last))
    if (!plain) throw last && opened(seal, bytes, nonceOf(at, false)) ? cut(at) : damaged(at)
    yield plain
    at++
  }
}

function opened({ key, context }: StreamSeal, bytes: Uint8Array, nonce: Uint8Array): Buffer | undefined {
  if (bytes.length < TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES))
  const plain = decipher.update(bytes.subarray(0, -TAG_BYTES))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** The number of the chunk in eleven bytes, then whether it is the last. */
function nonceOf(at: number, last: boolean): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeBigUInt64BE(BigInt(at), 3)
  nonce[NONCE_BYTES - 1] = last ? 1 : 0
  return nonce
}

/**
 * Pieces of exactly this size, the last one shorter or, of an empty stream alone, empty. Each is gone when the next is asked
 * for: one buffer for all of them, since what is allocated for each costs more than the cipher does.
 */
async function* inChunks(stream: AsyncIterable<Uint8Array>, size: number) {
  const buffer = Buffer.allocUnsafe(size)
  let length = 0
  for await (const piece of stream) {
    for (let from = 0; from < piece.length;) {
      // One byte more than a chunk has to be there before the chunk is known not to be the last.
      if (length === size) {
        yield { bytes: buffer, last: false }
        length = 0
      }
      const taken = piece.subarray(from, from + size - length)
      buffer.set(taken, length)
      length += taken.length
      from += taken.length
    }
  }
  yield { bytes: buffer.subarray(0, length), last: true }
}

const damaged = (at: number): PortError =>
  new PortError('invalid', 'STREAM_DAMAGED', `chunk ${at} is not what was sealed; take another copy`)

const cut = (at: number): PortError =>
  new PortError('invalid', 'STREAM_CUT', `nothing follows chunk ${at}, which was not the last one; take another copy`)

/** Whether an error says that a stream is not what was sealed, and not that it could not be read. */
export const isOfSeal = (error: unknown): boolean =>
  isPortError(error) && (error.code === 'STREAM_DAMAGED' || error.code === 'STREAM_CUT')

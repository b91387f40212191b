import { createHash, randomBytes } from 'node:crypto'
import { openStream, sealStream, TAG_BYTES, type StreamSeal } from '../../../core/backup/sealed-stream'

const CHUNK = 1000
const seal: StreamSeal = { key: randomBytes(32), context: 'backup 1', chunkBytes: CHUNK }

/** The bytes in pieces of any size, as a pipe gives them. */
async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const sealed = (plain: Uint8Array, by = seal) => whole(sealStream(by, pieces(plain, 313)))
const opened = (bytes: Uint8Array, by = seal) => whole(openStream(by, pieces(bytes, 4096)))

it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 10 * CHUNK + 7])(
  'gives %i bytes back, whatever the sizes of the pieces',
  async (length) => {
    const plain = randomBytes(length)
    for (const size of [1, CHUNK, CHUNK + TAG_BYTES, 1_000_000]) {
      const bytes = await whole(sealStream(seal, pieces(plain, size)))
      expect(bytes).toHaveLength(length + TAG_BYTES * Math.max(1, Math.ceil(length / CHUNK)))
      expect((await whole(openStream(seal, pieces(bytes, size)))).equals(plain)).toBe(true)
    }
  },
)

it.each(['first', 'middle', 'last'])(
  'gives nothing of a %s chunk that was damaged, nor of what follows',
  async (which) => {
    const plain = randomBytes(5 * CHUNK)
    const bytes = await sealed(plain)
    const at = { first: 0, middle: 2, last: 4 }[which]!
    bytes[at * (CHUNK + TAG_BYTES) + 17]! ^= 4
    const given: Uint8Array[] = []
    const reading = (async () => {
      for await (const chunk of openStream(seal, pieces(bytes, 700))) given.push(chunk)
    })()
    await expect(reading).rejects.toMatchObject({ failure: 'invalid', code: 'STREAM_DAMAGED' })
    expect(Buffer.concat(given).equals(plain.subarray(0, at * CHUNK))).toBe(true)
  },
)

it('tells a stream that was cut between two chunks from a damaged one', async () => {
  const bytes = await sealed(randomBytes(3 * CHUNK))
  await expect(opened(bytes.subarray(0, 2 * (CHUNK + TAG_BYTES)))).rejects.toMatchObject({ code: 'STREAM_CUT' })
  await expect(opened(bytes.subarray(0, -1))).rejects.toMatchObject({ code: 'STREAM_DAMAGED' })
  await expect(opened(new Uint8Array())).rejects.toMatchObject({ code: 'STREAM_DAMAGED' })
})

it('opens no chunk in the place of another, none twice, and none after the last', async () => {
  const bytes = await sealed(randomBytes(3 * CHUNK))
  const part = (at: number) => bytes.subarray(at * (CHUNK + TAG_BYTES), (at + 1) * (CHUNK + TAG_BYTES))
  for (const order of [
    [1, 0, 2],
    [0, 0, 1, 2],
    [0, 2],
    [0, 1, 2, 2],
  ])
    await expect(opened(Buffer.concat(order.map(part)))).rejects.toMatchObject({ failure: 'invalid' })
})

it('opens nothing with another key or for another context', async () => {
  const bytes = await sealed(randomBytes(CHUNK))
  await expect(opened(bytes, { ...seal, key: randomBytes(32) })).rejects.toMatchObject({ code: 'STREAM_DAMAGED' })
  await expect(opened(bytes, { ...seal, context: 'backup 2' })).rejects.toMatchObject({ code: 'STREAM_DAMAGED' })
})

it('holds a few chunks at a time, however long the stream is', async () => {
  const hash = createHash('sha256')
  let ahead = 0
  let most = 0
  async function* long(): AsyncIterable<Uint8Array> {
    const piece = randomBytes(50 * CHUNK + 1)
    for (let n = 0; n < 40; n++) {
      ahead += piece.length
      most = Math.max(most, ahead)
      hash.update(piece)
      yield piece
    }
  }
  const back = createHash('sha256')
  for await (const chunk of openStream(seal, sealStream(seal, long()))) {
    ahead -= chunk.length
    back.update(chunk)
  }
  expect(back.digest('hex')).toBe(hash.digest('hex'))
  // A piece comes whole, and at most two chunks wait on either side.
  expect(most).toBeLessThan(51 * CHUNK + 5 * CHUNK)
})

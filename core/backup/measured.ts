import { createHash } from 'node:crypto'

/** Counts a stream as it passes. */
export class Counted {
  private passed = 0

  async *of(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of stream) {
      this.passed += chunk.length
      yield chunk
    }
  }

  /** So far. */
  get bytes(): number {
    return this.passed
  }
}

/** Counts and hashes a stream as it passes. */
export class Measured {
  private readonly hash = createHash('sha256')
  private passed = 0

  async *of(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of stream) {
      this.hash.update(chunk)
      this.passed += chunk.length
      yield chunk
    }
  }

  /** So far. */
  get bytes(): number {
    return this.passed
  }

  /** Once the stream is over; asked once. */
  result = (): { readonly bytes: number; readonly sha256: string } => ({
    bytes: this.passed,
    sha256: this.hash.digest('hex'),
  })
}

/**
 * Works on streams at the same time, all or none: a stream ends only when every other one is at its end too, so that nobody
 * takes one for whole while another may still fail. Where one fails, the others end with its error instead of their next chunk.
 */
export class SideBySide {
  private readonly stop = new AbortController()
  private readonly running: Promise<unknown>[] = []
  private readonly awaited: Promise<unknown>[] = []

  /** Begins a work, whose stream has to be taken by way of `ending`. */
  start<T>(work: (ending: Ending) => Promise<T>): Promise<T> {
    let over!: () => void
    this.awaited.push(new Promise<void>((resolve) => (over = resolve)))
    const begun = work((stream) => this.ending(stream, over))
    this.running.push(begun)
    return begun
  }

  /** Lets no stream end before this has come. */
  beside<T>(other: Promise<T>): Promise<T> {
    this.awaited.push(other)
    return other
  }

  /** What all of it comes to; an error once no work runs any more. */
  async done<T>(all: Promise<T>): Promise<T> {
    try {
      return await all
    } catch (error) {
      this.stop.abort(error)
      await Promise.allSettled(this.running)
      throw error
    }
  }

  private async *ending(stream: AsyncIterable<Uint8Array>, over: () => void): AsyncIterable<Uint8Array> {
    const { signal } = this.stop
    for await (const chunk of stream) {
      signal.throwIfAborted()
      yield chunk
    }
    over()
    // It may have come while the last chunk was with whoever takes the stream, and comes once.
    signal.throwIfAborted()
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve))
    await Promise.race([Promise.all(this.awaited), stopped])
    signal.throwIfAborted()
  }
}

type Ending = (stream: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

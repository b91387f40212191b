import type { WriteOnceStore } from '../../core/ports/write-once-store'

/** A write-once store for tests. */
export class MemoryWriteOnceStore implements WriteOnceStore {
  private readonly texts = new Map<string, string>()

  async create(key: string, text: string): Promise<'created' | 'exists'> {
    if (this.texts.has(key)) return 'exists'
    this.texts.set(key, text)
    return 'created'
  }

  async get(key: string): Promise<string | undefined> {
    return this.texts.get(key)
  }

  async *keys(prefix: string): AsyncIterable<string> {
    yield* [...this.texts.keys()].filter((key) => key.startsWith(prefix)).toSorted()
  }

  /** What only an attacker can do. Undefined removes the key. */
  tamper(key: string, text: string | undefined): void {
    if (text === undefined) this.texts.delete(key)
    else this.texts.set(key, text)
  }
}

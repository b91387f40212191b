import type { Json } from '../../core/json'
import type { ConditionalStore, Stored } from '../../core/ports/conditional-store'

/** A conditional store for tests. Values go through JSON, as they do on every real one. */
export class MemoryConditionalStore implements ConditionalStore {
  /** Told of every write that happened. */
  onWrite: (key: string, value: Json) => void = () => {}
  private readonly held = new Map<string, { readonly text: string; readonly version: number }>()

  async get(key: string): Promise<Stored | undefined> {
    return this.read(key)
  }

  async create(key: string, value: Json): Promise<'created' | 'exists'> {
    if (this.held.has(key)) return 'exists'
    this.held.set(key, { text: JSON.stringify(value), version: 1 })
    this.onWrite(key, value)
    return 'created'
  }

  async replace(key: string, value: Json, version: string): Promise<'replaced' | 'stale'> {
    const current = this.held.get(key)
    if (!current || String(current.version) !== version) return 'stale'
    this.held.set(key, { text: JSON.stringify(value), version: current.version + 1 })
    this.onWrite(key, value)
    return 'replaced'
  }

  async *list(prefix: string): AsyncIterable<Stored> {
    for (const key of [...this.held.keys()].filter((candidate) => candidate.startsWith(prefix)).toSorted()) {
      const stored = this.read(key)
      if (stored) yield stored
    }
  }

  private read(key: string): Stored | undefined {
    const found = this.held.get(key)
    return found && { key, value: JSON.parse(found.text) as Json, version: String(found.version) }
  }
}

import type { Clock } from '../../core/ports/clock'
import type { Configuration, SecretReference, Setting } from '../../core/ports/configuration'

/** Settings of one region for tests. */
export class MemoryConfiguration implements Configuration {
  private readonly versions = new Map<string, Setting[]>()
  /** Secrets as another place would change them. */
  readonly secretVersions = new Map<string, string>()

  constructor(private readonly clock: Clock) {}

  async *settings(): AsyncIterable<Setting> {
    for (const name of [...this.versions.keys()].toSorted()) {
      const last = this.versions.get(name)?.at(-1)
      if (last) yield last
    }
  }

  async *history(name: string): AsyncIterable<Setting> {
    yield* this.versions.get(name) ?? []
  }

  async *secrets(): AsyncIterable<SecretReference> {
    for (const [name, versionId] of this.secretVersions) yield { name, versionId }
  }

  async put({ name, kind, value }: Pick<Setting, 'name' | 'kind' | 'value'>): Promise<void> {
    const held = this.versions.get(name) ?? []
    const version = (held.at(-1)?.version ?? 0) + 1
    this.versions.set(name, [...held, { name, kind, value, version, modifiedAt: this.clock.now().toISOString() }])
  }

  async remove(name: string): Promise<void> {
    this.versions.delete(name)
  }
}

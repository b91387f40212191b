import { atLeast } from '../../core/compliance/at-least'
import { referenceOf } from '../../core/compliance/find'
import type { Clock } from '../../core/ports/clock'
import type { Compliance, CopyProtection, Declared, Guarded, Protection, Remedies } from '../../core/ports/compliance'

/** An account that stands as it is declared, until somebody changes it. */
export class MemoryAccount implements Compliance, Remedies {
  /** Remedies that changed something, in order, with the key that asked for them. */
  readonly effects: string[] = []
  /** What is declared of it, all of one region. */
  declared: Declared = { protections: [] }
  private readonly things = new Map<string, Protection>()
  /** When a copy under our key becomes available, by the snapshot that it is made of. */
  private readonly copying = new Map<string, number>()

  constructor(
    private readonly clock: Clock,
    public copySeconds = 60,
  ) {}

  /** Makes a thing as given, or gone. */
  put(thing: Protection): void {
    this.things.set(referenceOf(thing), thing)
  }

  remove(thing: Guarded): void {
    this.things.delete(referenceOf(thing))
  }

  async protectionOf(thing: Guarded): Promise<Protection | undefined> {
    return this.things.get(referenceOf(thing))
  }

  async copies(region: string): Promise<readonly CopyProtection[]> {
    return [...this.things.values()].flatMap((thing) =>
      thing.kind === 'copy' && thing.region === region ? [thing] : [],
    )
  }

  async declaredIn(region: string): Promise<Declared> {
    const { protections, ...rest } = this.declared
    return { ...rest, protections: protections.filter((thing) => thing.region === region) }
  }

  async restore(declared: Protection, { key }: { readonly key: string }): Promise<'restored' | 'under-way'> {
    if (declared.kind === 'copy') return this.encrypt(declared, key)
    const found = this.things.get(referenceOf(declared))
    const wanted = atLeast(declared, found)
    if (JSON.stringify(wanted) !== JSON.stringify(found)) this.effects.push(`restore ${key}`)
    this.put(wanted)
    return 'restored'
  }

  /** A snapshot never changes its key: a copy gets one, and then the bare one goes. */
  private encrypt(declared: CopyProtection, key: string): 'restored' | 'under-way' {
    const reference = referenceOf(declared)
    const bare = this.things.get(reference)
    if (bare?.kind !== 'copy' || bare.key === declared.key) return 'restored'
    const readyMs = this.copying.get(reference)
    if (readyMs === undefined) {
      this.copying.set(reference, this.clock.monotonicMs() + this.copySeconds * 1000)
      this.effects.push(`copy ${key}`)
      return 'under-way'
    }
    if (this.clock.monotonicMs() < readyMs) return 'under-way'
    this.put({ ...declared, name: `${declared.name}-encrypted` })
    this.remove(declared)
    this.effects.push(`delete ${key}`)
    return 'restored'
  }
}

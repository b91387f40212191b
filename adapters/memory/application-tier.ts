import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'
import type { Clock } from '../../core/ports/clock'

/** An application that is well a while after it was brought up, once for each hook. */
export class MemoryApplicationTier implements ApplicationTier {
  /** Hooks in the order in which they were really brought up, with the key that asked for it. */
  readonly broughtUp: { readonly name: string; readonly key: string }[] = []
  /** The same as effects. */
  readonly effects: string[] = []
  /** Whether it can be well at all. */
  sound = true
  private readonly upAtMs = new Map<string, number>()

  constructor(
    private readonly clock: Clock,
    private readonly startSeconds: number,
  ) {}

  async bringUp({ name }: ApplicationHook, { key }: { readonly key: string }): Promise<void> {
    if (this.upAtMs.has(name)) return
    this.upAtMs.set(name, this.clock.monotonicMs() + this.startSeconds * 1000)
    this.broughtUp.push({ name, key })
    this.effects.push(`bring-up ${key}`)
  }

  async healthy({ name }: ApplicationHook): Promise<boolean> {
    const upAtMs = this.upAtMs.get(name)
    return this.sound && upAtMs !== undefined && this.clock.monotonicMs() >= upAtMs
  }
}

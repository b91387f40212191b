import type { Clock } from '../../core/ports/clock'
import { PortError } from '../../core/ports/errors'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'

export interface SwitchSettings {
  /** Region served while the two places do not agree on another. */
  readonly home: string
  /** How long clients remember the served name. */
  readonly ttlSeconds: number
}

/** A traffic switch on any clock: both places have to point the same way, and clients remember the old answer. */
export class MemoryTrafficSwitch implements TrafficSwitch {
  /** What was moved, in order, by place and key: a repeated call moves nothing. */
  readonly moves: string[] = []
  private readonly places = new Map<
    string,
    { readonly region: string; readonly epoch: number; readonly atMs: number }
  >()

  constructor(
    private readonly settings: SwitchSettings,
    private readonly clock: Clock,
  ) {}

  async point(
    place: 'recovery' | 'witness',
    { region, epoch, key }: { readonly region: string; readonly epoch: number; readonly key: string },
  ): Promise<void> {
    const held = this.places.get(place)
    if (held && held.epoch > epoch) {
      throw new PortError(
        'conflict',
        'SWITCH_NEWER',
        `the ${place} switch was set by epoch ${held.epoch}, newer than ${epoch}`,
      )
    }
    if (held?.epoch === epoch && held.region === region) return
    this.places.set(place, { region, epoch, atMs: this.clock.monotonicMs() })
    this.moves.push(`${place} ${key}`)
  }

  async served(): Promise<{ readonly region: string }> {
    const { home, ttlSeconds } = this.settings
    const [recovery, witness] = [this.places.get('recovery'), this.places.get('witness')]
    if (!recovery || !witness || recovery.region !== witness.region) return { region: home }
    const knownAtMs = Math.max(recovery.atMs, witness.atMs) + ttlSeconds * 1000
    return { region: this.clock.monotonicMs() >= knownAtMs ? recovery.region : home }
  }
}

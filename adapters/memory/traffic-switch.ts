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
  private readonly places = new Map<string, { readonly region: string; readonly epoch: number }>()
  /** What a client without memory would have been told, and since when. */
  private readonly answers: { readonly region: string; readonly sinceMs: number }[]

  constructor(
    private readonly settings: SwitchSettings,
    private readonly clock: Clock,
  ) {
    this.answers = [{ region: settings.home, sinceMs: Number.NEGATIVE_INFINITY }]
  }

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
    this.places.set(place, { region, epoch })
    this.moves.push(`${place} ${key}`)
    const [recovery, witness] = [this.places.get('recovery'), this.places.get('witness')]
    const now = recovery?.region === witness?.region ? region : this.settings.home
    if (now !== this.answers.at(-1)!.region) this.answers.push({ region: now, sinceMs: this.clock.monotonicMs() })
  }

  async served(): Promise<{ readonly region: string }> {
    const knownMs = this.clock.monotonicMs() - this.settings.ttlSeconds * 1000
    const known = this.answers.findLast(({ sinceMs }) => sinceMs <= knownMs) ?? this.answers[0]!
    return { region: known.region }
  }
}

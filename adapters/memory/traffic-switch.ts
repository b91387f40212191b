import type { Clock } from '../../core/ports/clock'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { TrafficSwitch } from '../../core/ports/traffic-switch'

export interface SwitchSettings {
  /** Database served while the two places do not agree on another. */
  readonly home: InstanceRef
  /** How long clients remember the served name. */
  readonly ttlSeconds: number
}

/** A traffic switch on any clock: both places have to point the same way, and clients remember the old answer. */
export class MemoryTrafficSwitch implements TrafficSwitch {
  /** What was moved, in order, by place and key: a repeated call moves nothing. */
  readonly moves: string[] = []
  private readonly places = new Map<string, { readonly served: Served; readonly epoch: number }>()
  /** What a client without memory would have been told, and since when. */
  private readonly answers: { readonly served: Served; readonly sinceMs: number }[]

  constructor(
    private readonly settings: SwitchSettings,
    private readonly clock: Clock,
  ) {
    this.answers = [{ served: settings.home, sinceMs: Number.NEGATIVE_INFINITY }]
  }

  async point(
    place: 'recovery' | 'witness',
    { region, instance, epoch, key }: Parameters<TrafficSwitch['point']>[1],
  ): Promise<void> {
    const held = this.places.get(place)
    if (held && held.epoch > epoch) {
      throw new PortError(
        'conflict',
        'SWITCH_NEWER',
        `the ${place} switch was set by epoch ${held.epoch}, newer than ${epoch}`,
      )
    }
    const wanted: Served = { region, ...(instance !== undefined && { instance }) }
    if (held?.epoch === epoch && isSame(held.served, wanted)) return
    this.places.set(place, { served: wanted, epoch })
    this.moves.push(`${place} ${key}`)
    const [recovery, witness] = [this.places.get('recovery'), this.places.get('witness')]
    const now = recovery && witness && isSame(recovery.served, witness.served) ? wanted : this.settings.home
    if (!isSame(now, this.answers.at(-1)!.served)) this.answers.push({ served: now, sinceMs: this.clock.monotonicMs() })
  }

  async served(): Promise<Served> {
    const knownMs = this.clock.monotonicMs() - this.settings.ttlSeconds * 1000
    const known = this.answers.findLast(({ sinceMs }) => sinceMs <= knownMs) ?? this.answers[0]!
    return known.served
  }
}

type Served = NonNullable<Awaited<ReturnType<TrafficSwitch['served']>>>

const isSame = (one: Served, other: Served): boolean => one.region === other.region && one.instance === other.instance

import type { Clock } from '../../core/ports/clock'
import type { Component, Deployments, Obstacle, SetAside } from '../../core/ports/deployments'
import { PortError } from '../../core/ports/errors'

/** What is deployed of a platform that stands in no place, and what a test can do to it. */
export class MemoryDeployments implements Deployments {
  /** Everything that is deployed: where one does not serve, neither does what depends on it. */
  components: readonly Component[] = []
  /** Versions that were really put in force by a request, in order, with the key that asked for each. */
  readonly effects: string[] = []
  /** From being asked for to being in force. */
  settleSeconds = 0
  /** Components that never come to what they are asked for. */
  readonly stuck = new Set<string>()
  /** `<component> <version>` that does not serve while it is in force. */
  readonly ill = new Set<string>()
  /** `<component> <version>` whose migration has no way back. */
  readonly irreversible = new Set<string>()
  private readonly places = new Map<string, Place>()
  private readonly requests = new Set<string>()
  private readonly aside = new Map<string, readonly SetAside[]>()

  constructor(
    private readonly clock: Clock,
    /** Is told of each of them too. @default nobody is */
    private readonly onEffect: (effect: string) => void = () => {},
  ) {}

  /** Deploys a version as a release does, at once. What it writes that no earlier one has a place for, by its table. */
  deploy(name: string, version: string, writes: readonly SetAside[] = []): void {
    const place: Place = this.places.get(name) ?? { held: [], inForce: version, writes: new Map() }
    if (!place.held.includes(version)) place.held.push(version)
    place.writes.set(version, writes)
    this.places.set(name, { ...place, inForce: version, to: undefined })
  }

  /** Its place does not hold a version any more. */
  forget(name: string, version: string): void {
    const place = this.placeOf(name)
    place.held.splice(place.held.indexOf(version), 1)
  }

  async inForce({ name }: Component): Promise<string | undefined> {
    this.settle()
    return this.places.get(name)?.inForce
  }

  async obstacle({ name }: Component, to: string): Promise<Obstacle | undefined> {
    this.settle()
    const { held, inForce } = this.placeOf(name)
    if (!held.includes(to)) return { code: 'VERSION_GONE', what: `${name} ${to}` }
    const left = held.slice(held.indexOf(to) + 1, held.indexOf(inForce) + 1)
    const oneWay = left.map((version) => `${name} ${version}`).find((what) => this.irreversible.has(what))
    return oneWay === undefined ? undefined : { code: 'IRREVERSIBLE', what: oneWay }
  }

  async putInForce(component: Component, to: string, { key }: { readonly key: string }): Promise<void> {
    const { name } = component
    if (this.requests.has(key)) return
    const obstacle = await this.obstacle(component, to)
    if (obstacle) throw new PortError('conflict', obstacle.code, `'${obstacle.what}' stands in the way`)
    const place = this.placeOf(name)
    this.requests.add(key)
    if (place.inForce === to && !place.to) return
    const effect = `${name} ${to} ${key}`
    this.effects.push(effect)
    this.onEffect(effect)
    this.aside.set(key, leftBehind(place, to))
    place.to = { version: to, atMs: this.clock.monotonicMs() + this.settleSeconds * 1000 }
    this.settle()
  }

  async serves({ name, dependsOn }: Component): Promise<boolean> {
    this.settle()
    const place = this.places.get(name)
    if (!place || this.ill.has(`${name} ${place.inForce}`)) return false
    const needed = this.components.filter((other) => dependsOn.includes(other.name))
    return (await Promise.all(needed.map((other) => this.serves(other)))).every(Boolean)
  }

  async setAside(_: Component, { key }: { readonly key: string }): Promise<readonly SetAside[]> {
    return this.aside.get(key) ?? []
  }

  private placeOf(name: string): Place {
    const place = this.places.get(name)
    if (place) return place
    throw new PortError('invalid', 'NEVER_DEPLOYED', `nothing of '${name}' was ever deployed`)
  }

  /** Lets happen what takes time. */
  private settle(): void {
    for (const [name, place] of this.places) {
      if (!place.to || this.stuck.has(name) || this.clock.monotonicMs() < place.to.atMs) continue
      place.inForce = place.to.version
      delete place.to
    }
  }
}

interface Place {
  /** In the order in which they were deployed. */
  readonly held: string[]
  inForce: string
  to?: { readonly version: string; readonly atMs: number } | undefined
  readonly writes: Map<string, readonly SetAside[]>
}

/** What the versions that are left have written, where an earlier one is put in force. */
function leftBehind({ held, inForce, writes }: Place, to: string): readonly SetAside[] {
  const left = held.slice(held.indexOf(to) + 1, held.indexOf(inForce) + 1)
  return left.flatMap((version) => writes.get(version) ?? [])
}

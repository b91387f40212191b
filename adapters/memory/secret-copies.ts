import { PortError } from '../../core/ports/errors'
import type { SecretCopies } from '../../core/ports/secret-copies'

interface Held {
  version: number
  /** Region of the original. @default it is one itself */
  copyOf?: string
}

/** Secrets of regions; a copy follows its original as long as it is one. */
export class MemorySecretCopies implements SecretCopies {
  private readonly regions = new Map<string, Map<string, Held>>()

  /** An original in one region, with copies in others. */
  hold(name: string, region: string, ...copies: readonly string[]): void {
    this.of(region).set(name, { version: 1 })
    for (const other of copies) this.of(other).set(name, { version: 1, copyOf: region })
  }

  /** Puts a new version in force, and in the copies that follow. Throws PortError('conflict') for a copy. */
  change(name: string, region: string): void {
    const held = this.of(region).get(name)
    if (!held) throw new PortError('invalid', 'SECRET_MISSING', `'${name}' does not exist in ${region}`)
    if (held.copyOf)
      throw new PortError('conflict', 'SECRET_IS_COPY', `'${name}' follows its original in ${held.copyOf}`)
    held.version = 1 + Math.max(...[...this.regions.values()].map((secrets) => secrets.get(name)?.version ?? 0))
    for (const secrets of this.regions.values()) {
      const copy = secrets.get(name)
      if (copy?.copyOf === region) copy.version = held.version
    }
  }

  async copiesIn(region: string): Promise<readonly string[]> {
    return [...this.of(region)].filter(([, { copyOf }]) => copyOf !== undefined).map(([name]) => name)
  }

  async standAlone(region: string): Promise<readonly string[]> {
    const copies = await this.copiesIn(region)
    for (const name of copies) delete this.of(region).get(name)!.copyOf
    return copies
  }

  async differing(region: string, other: string): Promise<readonly string[]> {
    const [here, there] = [this.of(region), this.of(other)]
    return [...new Set([...here.keys(), ...there.keys()])].filter(
      (name) => here.get(name)?.version !== there.get(name)?.version,
    )
  }

  private of(region: string): Map<string, Held> {
    const held = this.regions.get(region) ?? new Map<string, Held>()
    this.regions.set(region, held)
    return held
  }
}

/** The same, which tells what it has changed. */
export const tellingCopies = (copies: MemorySecretCopies, effects: string[]): SecretCopies => ({
  copiesIn: (region) => copies.copiesIn(region),
  standAlone: async (region) => {
    const stood = await copies.standAlone(region)
    if (stood.length > 0) effects.push(`stand-alone ${region}`)
    return stood
  },
  differing: (region, other) => copies.differing(region, other),
})

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PortError } from '../../core/ports/errors'
import type { SecretCopies } from '../../core/ports/secret-copies'

interface Held {
  readonly versionId: string
  readonly value: unknown
  /** Region of the original. @default it is one itself */
  readonly copyOf?: string
}

/** Secrets of each region in a folder of its own, a file each. A change of an original is written into the copies that follow it. */
export class RegionalSecrets implements SecretCopies {
  constructor(
    private readonly folder: string,
    /** Region of the originals. */
    private readonly home: string,
    private readonly away: string,
  ) {}

  /** Makes an original at home and a copy of it away. */
  async create(name: string, value: unknown): Promise<void> {
    const versionId = randomUUID()
    await this.put(name, this.home, { versionId, value })
    await this.put(name, this.away, { versionId, value, copyOf: this.home })
  }

  /** Puts a value in force as a new version. Throws PortError('conflict') for a copy. */
  async change(name: string, region: string, value: unknown): Promise<void> {
    const held = await this.read(name, region)
    if (held.copyOf)
      throw new PortError('conflict', 'SECRET_IS_COPY', `'${name}' follows its original in ${held.copyOf}`)
    const versionId = randomUUID()
    await this.put(name, region, { versionId, value })
    const copy = await this.read(name, this.away)
    if (copy.copyOf === region) await this.put(name, this.away, { ...copy, versionId, value })
  }

  /** What is in force there. */
  async valueOf(name: string, region: string): Promise<unknown> {
    return (await this.read(name, region)).value
  }

  async copiesIn(region: string): Promise<readonly string[]> {
    const copies: string[] = []
    for (const name of await this.names(region)) if ((await this.read(name, region)).copyOf) copies.push(name)
    return copies
  }

  async standAlone(region: string): Promise<readonly string[]> {
    const copies = await this.copiesIn(region)
    for (const name of copies) await this.letStandAlone(name, region)
    return copies
  }

  /** The same for one of them. */
  async letStandAlone(name: string, region: string): Promise<void> {
    const { versionId, value } = await this.read(name, region)
    await this.put(name, region, { versionId, value })
  }

  async differing(region: string, other: string): Promise<readonly string[]> {
    const differing: string[] = []
    for (const name of await this.names(region)) {
      const [here, there] = [await this.read(name, region), await this.read(name, other)]
      if (here.versionId !== there.versionId) differing.push(name)
    }
    return differing
  }

  private async names(region: string): Promise<string[]> {
    const files = await readdir(join(this.folder, region))
    return files.filter((file) => file.endsWith('.json')).map((file) => file.replace(/\.json$/, ''))
  }

  private async read(name: string, region: string): Promise<Held> {
    return JSON.parse(await readFile(this.path(name, region), 'utf8')) as Held
  }

  /** Whole or not at all: a run that dies in between finds the old one or the new one. */
  private async put(name: string, region: string, held: Held): Promise<void> {
    await mkdir(join(this.folder, region), { recursive: true, mode: 0o700 })
    const path = this.path(name, region)
    await writeFile(`${path}.new`, JSON.stringify(held), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }

  private path(name: string, region: string): string {
    return join(this.folder, region, `${name}.json`)
  }
}

/** Those of a world, wherever they are opened from. */
export const regionalSecrets = (
  folder: string,
  regions: { readonly primary: string; readonly recovery: string },
): RegionalSecrets => new RegionalSecrets(join(folder, 'regional-secrets'), regions.primary, regions.recovery)

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Measured } from '../../core/backup/measured'
import { openStream, sealStream } from '../../core/backup/sealed-stream'
import type { Clock } from '../../core/ports/clock'
import type { DataKey } from '../../core/ports/data-keys'
import { PortError } from '../../core/ports/errors'
import type {
  DataHolder,
  HeldUnder,
  RecoveryPoint,
  RecoveryPointPage,
  RecoveryPoints,
  Vault,
  VaultKind,
} from '../../core/ports/recovery-points'
import { createOnce } from './create-once'
import { FolderBackups } from './folder-backups'
import { KeyWrapping } from './key-wrapping'

const OURS = ['database', 'backup'] as const

const pointSchema = z.strictObject({
  resource: z.string(),
  state: z.enum(['completed', 'running', 'partial', 'lost']),
  createdAt: z.iso.datetime(),
  completedAt: z.iso.datetime().optional(),
  keptDays: z.number().optional(),
  endsAt: z.iso.datetime().optional(),
  coldAfterDays: z.number().optional(),
  bytes: z.number(),
  /** The data key that it is sealed with, wrapped; left out where it lies open. */
  wrappedKey: z.string().optional(),
})
const vaultSchema = z.strictObject({
  lock: z.strictObject({ minDays: z.number(), maxDays: z.number() }).nullable(),
  wrappedKey: z.string().optional(),
})
const holdersSchema = z.array(
  z.strictObject({ name: z.string(), role: z.enum(['writer', 'replica', 'test-copy', 'bucket']) }),
)

/** A recovery point before anything of it is there. */
export type Begun = Omit<RecoveryPoint, 'state' | 'completedAt' | 'bytes' | 'key'> & {
  readonly key: (typeof OURS)[number]
}

/**
 * The backups of one region in a folder: a folder for each vault, a file for each recovery point. Under whose key one lies is
 * not read from a label: its data key is unwrapped, or it is not.
 */
export class FolderRecoveryPoints implements RecoveryPoints {
  private readonly keys = new Map<string, Promise<KeyWrapping>>()

  constructor(
    private readonly folder: string,
    readonly region: string,
    private readonly pageSize = 1000,
  ) {}

  async vault(kind: VaultKind): Promise<Vault | undefined> {
    const text = await readFile(this.vaultFile(kind), 'utf8').catch(ifMissing(undefined))
    if (text === undefined) return undefined
    const { lock, wrappedKey } = vaultSchema.parse(JSON.parse(text))
    return { lock, key: await this.holderOf(wrappedKey, kind) }
  }

  async page(kind: VaultKind, from?: string): Promise<RecoveryPointPage> {
    const files = await readdir(this.pointsOf(kind)).catch(ifMissing(undefined))
    if (!files) throw new PortError('conflict', 'VAULT_MISSING', `'${this.region}' has no vault '${kind}'`)
    const names = files.filter((file) => file.endsWith('.json')).toSorted()
    const at = from === undefined ? 0 : names.indexOf(from)
    if (at < 0) throw new PortError('invalid', 'PLACE_UNKNOWN', `nothing is known of the place '${from}'; begin anew`)
    const points: RecoveryPoint[] = []
    for (const name of names.slice(at, at + this.pageSize)) points.push(await this.read(kind, name))
    const next = names[at + this.pageSize]
    return { points, ...(next !== undefined && { next }) }
  }

  async *holders(): AsyncIterable<DataHolder> {
    const text = await readFile(join(this.folder, 'databases.json'), 'utf8').catch(ifMissing('[]'))
    yield* holdersSchema.parse(JSON.parse(text))
  }

  /** Makes a vault, or changes its lock. */
  async makeVault(kind: VaultKind, { lock, key }: Vault): Promise<void> {
    await mkdir(this.pointsOf(kind), { recursive: true })
    const wrappedKey = await this.wrap(key, kind)
    await writeFile(this.vaultFile(kind), JSON.stringify({ lock, ...(wrappedKey && { wrappedKey }) }))
  }

  /** Keeps a recovery point, once. */
  async keep(kind: VaultKind, { id, key, ...point }: RecoveryPoint): Promise<void> {
    const wrappedKey = await this.wrap(key, id)
    await createOnce(
      join(this.pointsOf(kind), `${id}.json`),
      JSON.stringify({ ...point, ...(wrappedKey && { wrappedKey }) }),
      0o600,
    )
  }

  /**
   * Takes a recovery point with what it holds, sealed by a data key of its own and kept beside it. What breaks off leaves no
   * recovery point.
   */
  async take(kind: VaultKind, begun: Begun, content: AsyncIterable<Uint8Array>, clock: Clock): Promise<void> {
    const { id, key, ...point } = begun
    const { plain, wrapped } = await this.dataKey(key, id)
    const measured = new Measured()
    const sealed = measured.of(sealStream({ key: plain, context: contextOf(kind, id) }, content))
    await new FolderBackups(this.pointsOf(kind)).keep(contentFile(id), sealed)
    const completed = { ...point, state: 'completed', completedAt: clock.now().toISOString(), bytes: measured.bytes }
    await createOnce(
      join(this.pointsOf(kind), `${id}.json`),
      JSON.stringify({ ...completed, wrappedKey: wrapped }),
      0o600,
    )
  }

  /** What a recovery point holds. Throws PortError where nothing is kept of it, or not what was sealed. */
  async *content(kind: VaultKind, id: string): AsyncIterable<Uint8Array> {
    const text = await readFile(join(this.pointsOf(kind), `${id}.json`), 'utf8')
    const { wrappedKey = '' } = pointSchema.parse(JSON.parse(text))
    const opened = await this.opened(wrappedKey, id)
    if (!opened) throw new PortError('denied', 'RECOVERY_POINT_LOCKED', `no key of '${this.region}' opens '${id}'`)
    const sealed = new FolderBackups(this.pointsOf(kind)).read(contentFile(id))
    yield* openStream({ key: opened.plain, context: contextOf(kind, id) }, sealed)
  }

  async knowDatabases(holders: readonly DataHolder[]): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    await writeFile(join(this.folder, 'databases.json'), JSON.stringify(holders))
  }

  private async read(kind: VaultKind, file: string): Promise<RecoveryPoint> {
    const id = file.slice(0, -'.json'.length)
    const { wrappedKey, completedAt, keptDays, endsAt, coldAfterDays, ...point } = pointSchema.parse(
      JSON.parse(await readFile(join(this.pointsOf(kind), file), 'utf8')),
    )
    return {
      id,
      ...point,
      key: await this.holderOf(wrappedKey, id),
      ...(completedAt !== undefined && { completedAt }),
      ...(keptDays !== undefined && { keptDays }),
      ...(endsAt !== undefined && { endsAt }),
      ...(coldAfterDays !== undefined && { coldAfterDays }),
    }
  }

  private async wrap(key: HeldUnder, of: string): Promise<string | undefined> {
    if (key === 'nothing') return undefined
    if (key === 'foreign') return (await new KeyWrapping().make({ of })).wrapped
    return (await this.dataKey(key, of)).wrapped
  }

  private async dataKey(purpose: (typeof OURS)[number], of: string): Promise<DataKey> {
    return (await this.keysFor(purpose)).make({ of })
  }

  private async holderOf(wrappedKey: string | undefined, of: string): Promise<HeldUnder> {
    if (wrappedKey === undefined) return 'nothing'
    return (await this.opened(wrappedKey, of))?.purpose ?? 'foreign'
  }

  /** The data key, and which of our keys opens it; undefined where none does. */
  private async opened(wrappedKey: string, of: string) {
    for (const purpose of OURS) {
      const keys = await this.keysFor(purpose)
      const plain = await keys.unwrap(wrappedKey, { of }).catch(() => undefined)
      if (plain) return { purpose, plain }
    }
    return undefined
  }

  private keysFor(purpose: (typeof OURS)[number]): Promise<KeyWrapping> {
    const known = this.keys.get(purpose) ?? KeyWrapping.open(join(this.folder, 'keys', `${purpose}.key`))
    this.keys.set(purpose, known)
    return known
  }

  private pointsOf = (kind: VaultKind): string => join(this.folder, 'vaults', kind)
  private vaultFile = (kind: VaultKind): string => join(this.folder, 'vaults', `${kind}.json`)
}

const contentFile = (id: string): string => `${id}.sealed`
const contextOf = (kind: VaultKind, id: string): string => `recovery-point/${kind}/${id}`

const ifMissing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead
    throw error
  }

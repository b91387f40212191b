import { readdir, stat, writeFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RegionFolder } from '../../adapters/local/daily-world'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { open, seal } from '../../core/configuration/envelope'
import type { RecoveryPoint, VaultKind } from '../../core/ports/recovery-points'
import type { ExpectedHistory, Expectations } from '../../core/verification/daily/expectations'

const DAY_MS = 86_400_000

/** What one region backs up in a night: the database as text, or what lies in a bucket. */
export interface BackedUp {
  readonly startedAt: Date
  readonly endedAt: Date
  readonly contentOf: (resource: string) => Promise<string>
}

/** Makes the vaults of a region as the policy declares them. */
export async function makeVaults(region: RegionFolder, { locks }: Expectations): Promise<void> {
  for (const { vault, lock } of locks) await region.points.makeVault(vault, { lock, key: 'backup' })
}

/** Seals what each history is about under the key of its purpose, and keeps it as a recovery point. */
export async function backUp(
  region: RegionFolder,
  histories: readonly ExpectedHistory[],
  { startedAt, endedAt, contentOf }: BackedUp,
): Promise<void> {
  for (const { resource, vault, key, keptDays, newestWithinMinutes } of histories) {
    if (key !== 'database' && key !== 'backup') throw new Error(`no key of ours seals ${vault}/${resource}`)
    const id = `${vault}-${resource}-${startedAt.toISOString().replaceAll(/[^0-9]/g, '')}`
    const sealed = await seal(await keyOf(region, key), await contentOf(resource), { of: id })
    const path = sealedFile(region, vault, id)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, sealed, { mode: 0o600 })
    const [days = 0] = keptDays
    await region.points.keep(vault, {
      id,
      resource,
      state: 'completed',
      createdAt: startedAt.toISOString(),
      completedAt: endedAt.toISOString(),
      key,
      keptDays: days,
      // A continuous backup is one point that moves, and so has no end.
      ...(newestWithinMinutes !== undefined && { endsAt: new Date(startedAt.getTime() + days * DAY_MS).toISOString() }),
      bytes: sealed.length,
    })
  }
}

/** Recovery points of a region that the key of their purpose does not open. */
export async function unopened(region: RegionFolder, kinds: readonly VaultKind[]): Promise<number> {
  let closed = 0
  for (const kind of kinds) {
    const { points } = await region.points.page(kind)
    for (const point of points) if (!(await opens(region, kind, point))) closed += 1
  }
  return closed
}

async function opens(region: RegionFolder, kind: VaultKind, { id, key }: RecoveryPoint): Promise<boolean> {
  if (key !== 'database' && key !== 'backup') return false
  const sealed = await readFile(sealedFile(region, kind, id), 'utf8')
  return open(await keyOf(region, key), sealed, { of: id }).then(
    (text) => text.length > 0,
    () => false,
  )
}

/** The text of every file below a folder, with its path. */
export async function contentBelow(folder: string): Promise<string> {
  const found = await readdir(folder, { recursive: true }).catch(() => [])
  const files = await Promise.all(
    found.map(async (name) => {
      const path = join(folder, name)
      return (await stat(path)).isFile() ? [{ name, base64: (await readFile(path)).toString('base64') }] : []
    }),
  )
  return JSON.stringify(files.flat())
}

const keyOf = (region: RegionFolder, purpose: 'database' | 'backup') =>
  KeyWrapping.open(join(region.root, region.region, 'keys', `${purpose}.key`))

const sealedFile = (region: RegionFolder, kind: VaultKind, id: string): string =>
  join(region.root, region.region, 'sealed', kind, id)

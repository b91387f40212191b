import { RegionFolder, regionsOf } from '../../../adapters/local/daily-world'
import { archivedClasses } from '../../../core/archive/classes'
import { dumpManifest } from '../../../core/archive/dump'
import { checkCode } from '../../../core/code/check'
import { versionKey } from '../../../core/configuration/copies'
import { environmentBackups, readEnvironment } from '../../../core/configuration/environment'
import type { Policy } from '../../../core/policy'
import type { RecoveryPoint, VaultKind } from '../../../core/ports/recovery-points'
import type { DataRole } from '../../../core/verification/daily/expectations'
import { expectationsOf } from '../../../core/verification/daily/expectations'
import type { Estate } from '../../core/verification/daily/estate'
import { dumpedAt } from '../../core/verification/daily/memory-estate'

const HOUR_MS = 3_600_000
const KINDS = ['pitr', 'snapshots', 'copies'] as const

/** What lies in the folder of a region, in plain words: the same can then be made of it elsewhere. */
export async function estateIn(root: string, policy: Policy, role: DataRole, now: Date): Promise<Estate> {
  const { region } = expectationsOf(policy, role)
  const folder = new RegionFolder(root, region)
  const { replication, window, storage } = await folder.observed()
  const hoursSince = (at: string) => (now.getTime() - Date.parse(at)) / HOUR_MS
  const code = await checkCode(folder.code, await (await folder.signer()).publicKey(), policy.code.oldestCopyHours, now)
  const environment = await newestEnvironment(folder, policy)
  const settings = await settingsOf(root, region, policy)
  return {
    now,
    vaults: Object.fromEntries(await Promise.all(KINDS.map(async (kind) => [kind, await folder.points.vault(kind)]))),
    points: {
      pitr: await pointsIn(folder, 'pitr'),
      snapshots: await pointsIn(folder, 'snapshots'),
      copies: await pointsIn(folder, 'copies'),
    },
    databases: await all(folder.points.holders()),
    ...(window && { window }),
    replication: replication
      ? { receives: replication.receives, ...(replication.heartbeatAt && { heartbeatAt: replication.heartbeatAt }) }
      : { receives: 'unknown' },
    dumps: await asyncFilter(archivedClasses(policy), (dataClass) =>
      folder.archive.holds(dataClass, dumpManifest(dumpedAt(policy, now))),
    ),
    ...(code.ageMinutes !== undefined && { codeHours: code.ageMinutes / 60 }),
    codeSignedBy: code.findings.includes('signature-wrong') ? 'somebody' : 'us',
    settingHeldBy: settings.heldBy,
    settingAgeHours: settings.modifiedAt === undefined ? 0 : hoursSince(settings.modifiedAt),
    ...(environment && { environmentHours: hoursSince(environment.takenAt) }),
    environmentDamaged: environment !== undefined && !environment.opened,
    ...(storage && { storage }),
  }
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}

async function pointsIn(folder: RegionFolder, kind: VaultKind): Promise<RecoveryPoint[]> {
  const found: RecoveryPoint[] = []
  for (let next: string | undefined; ;) {
    const page = await folder.points.page(kind, next)
    found.push(...page.points)
    if (page.next === undefined) return found
    next = page.next
  }
}

async function newestEnvironment(folder: RegionFolder, policy: Policy) {
  const regions: Partial<Record<string, string>> = policy.topology.regions
  const copy = await folder.copy()
  const newest = (await all(environmentBackups(copy, regions[policy.topology.active]!))).at(-1)
  return newest === undefined ? undefined : { ...(await readEnvironment(copy, newest)), opened: true }
}

/** Regions that hold the newest version of every setting, and how old the newest of them is. */
async function settingsOf(root: string, region: string, policy: Policy) {
  const own = new RegionFolder(root, region)
  const settings = await all(own.configuration.settings())
  const heldBy = await asyncFilter(regionsOf(policy), async (name) => {
    const { store } = await new RegionFolder(root, name).copy()
    const held = new Set(await all(store.keys(`versions/${region}/`)))
    return settings.every((setting) => held.has(versionKey(region, setting.name, setting)))
  })
  return {
    heldBy,
    modifiedAt: settings
      .map(({ modifiedAt }) => modifiedAt)
      .toSorted()
      .at(-1),
  }
}

async function asyncFilter<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep))
  return items.filter((_, at) => kept[at])
}

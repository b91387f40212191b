import { lateDumps } from '../../archive/late-dumps'
import { checkCode } from '../../code/check'
import { versionKey } from '../../configuration/copies'
import { environmentBackups, readEnvironment } from '../../configuration/environment'
import { isPortError } from '../../ports/errors'
import type { DataHolder, VaultKind } from '../../ports/recovery-points'
import type { WriteOnceStore } from '../../ports/write-once-store'
import type { Expectations } from './expectations'
import type { DailyFacts, EnvironmentSeen, SettingsSeen } from './facts'
import type { Reading } from './scan'
import { look, type Seen } from './seen'
import type { VaultTally } from './tally'
import type { DailyWorld } from './world'

/** Everything besides the recovery points themselves. Each look by itself: one that is refused hides no other. */
export async function gather(
  world: DailyWorld,
  expected: Expectations,
  holders: Seen<readonly DataHolder[]>,
  points: DailyFacts['points'],
): Promise<DailyFacts> {
  const { policy, clock, archive } = world
  const now = clock.now()
  const { writer, replica, region } = expected
  const [vaults, window, replication, late, code, settings, environment, storage] = await Promise.all([
    vaultsOf(world, expected),
    writer ? look(async () => (await world.restore.window({ region, instance: writer.instance })) ?? null) : notAsked,
    replica ? look(world.replication) : notAsked,
    look(() => lateDumps({ policy, archive, clock })),
    look(async () => checkCode(world.code.copies, await world.code.publicKey(), policy.code.oldestCopyHours, now)),
    look(() => settingsOf(world, expected, now)),
    look(() => environmentOf(world)),
    writer
      ? look(async () => (await world.storage.of(writer.instance, expected.capacity.lookBackDays)) ?? null)
      : notAsked,
  ])
  return {
    at: now.toISOString(),
    vaults,
    points,
    holders,
    window,
    replication,
    lateDumps: late,
    code,
    settings,
    environment,
    storage,
  }
}

/** For what the expectations of the region do not have; no judge looks at it. */
const notAsked = { seen: false, code: 'NOT_ASKED' } as const

async function vaultsOf({ points }: DailyWorld, { locks }: Expectations): Promise<DailyFacts['vaults']> {
  const seen = await Promise.all(
    locks.map(async ({ vault }) => [vault, await look(async () => (await points.vault(vault)) ?? null)] as const),
  )
  return Object.fromEntries(seen)
}

/** Every database of the region. */
export const holdersOf = ({ points }: Pick<DailyWorld, 'points'>): Promise<Seen<readonly DataHolder[]>> =>
  look(async () => {
    const all: DataHolder[] = []
    for await (const holder of points.holders()) all.push(holder)
    return all
  })

/** What was read of each vault, where all of it was. */
export const seenOf = (vaults: readonly VaultKind[], read: Seen<Reading>): DailyFacts['points'] =>
  Object.fromEntries(
    vaults.map((vault): [VaultKind, Seen<VaultTally>] => {
      if (!read.seen) return [vault, read]
      const { done, refused } = read.value
      const tally = done[vault]
      return [
        vault,
        tally ? { seen: true, value: tally } : { seen: false, code: refused[vault] ?? 'READING_UNFINISHED' },
      ]
    }),
  )

async function settingsOf(
  { configuration, stores }: DailyWorld,
  { region, configurationCopySeconds }: Expectations,
  now: Date,
): Promise<SettingsSeen> {
  const missing: Record<string, number> = Object.fromEntries(stores.map((store) => [store.region, 0]))
  let inForce = 0
  for await (const { name, version, modifiedAt } of configuration.settings()) {
    inForce += 1
    // One that was changed just now is still on its way.
    if (now.getTime() - Date.parse(modifiedAt) <= configurationCopySeconds * 1000) continue
    const key = versionKey(region, name, { modifiedAt, version })
    for (const { region: held, store } of stores)
      if (!(await lists(store, key))) missing[held] = (missing[held] ?? 0) + 1
  }
  return { inForce, missing }
}

/** Listed and not read: whoever reads a copy needs the key of the region that holds it, and nobody here shall have that. */
async function lists(store: Pick<WriteOnceStore, 'keys'>, wanted: string): Promise<boolean> {
  for await (const key of store.keys(wanted)) if (key === wanted) return true
  return false
}

/** The newest backup of the environment of the region that writes, as this region holds and opens it. */
async function environmentOf({ copy, policy }: DailyWorld): Promise<EnvironmentSeen> {
  const regions: Partial<Record<string, string>> = policy.topology.regions
  const source = regions[policy.topology.active] ?? policy.topology.regions.primary
  let newest: string | undefined
  for await (const key of environmentBackups(copy, source)) newest = key
  if (newest === undefined) return {}
  try {
    const { takenAt, settings } = await readEnvironment(copy, newest)
    return { newest: { takenAt, opened: 'yes', settings: settings.length } }
  } catch (error) {
    // Without an answer nothing is known; a refusal or damage is what this looks for.
    if (!isPortError(error) || error.failure === 'unreachable' || error.failure === 'throttled') throw error
    return { newest: { takenAt: takenAtOf(newest), opened: error.code, settings: 0 } }
  }
}

/** Of a key that ends in a time written without signs. */
function takenAtOf(key: string): string {
  const [, date = '', hour, minute, second, ms] = /(\d{8})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/.exec(key) ?? []
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:${minute}:${second}.${ms}Z`
}

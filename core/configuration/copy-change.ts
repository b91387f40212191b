import type { Json } from '../json'
import type { Clock } from '../ports/clock'
import type { Configuration, Setting } from '../ports/configuration'
import { isPortError, PortError } from '../ports/errors'
import { removalKey, versionKey, versionsOf, writeSealed, type ConfigurationCopy } from './copies'

/** A change of one setting, as the region that holds the setting announced it. */
export interface SettingChange {
  readonly name: string
  readonly kind: 'put' | 'removed'
  readonly changedAt: string
}

export interface CopyWorld {
  /** Region the setting is read in. */
  readonly source: string
  readonly configuration: Pick<Configuration, 'history'>
  readonly copies: readonly ConfigurationCopy[]
  readonly clock: Clock
  /** From the change to the last acknowledgement. */
  readonly deadlineSeconds: number
  readonly retryEverySeconds: number
}

/** Every region has acknowledged every version. */
export interface Acknowledgement {
  /** Envelopes that were written, over all regions. */
  readonly written: number
  /** From the change to the last acknowledgement; the second in which the change was announced counts. */
  readonly afterSeconds: number
}

/**
 * Brings a changed setting to every region: each version that is still known and that a region does not hold yet, so that a
 * region that was away catches up. Repeats what failed until the deadline; throws PortError('unreachable') with the regions
 * that have not acknowledged by then.
 */
export async function copyChange(world: CopyWorld, change: SettingChange): Promise<Acknowledgement> {
  const { clock, copies } = world
  const versions = await settingVersions(world, change)
  const changedMs = Date.parse(change.changedAt)
  const deadlineMs = changedMs + world.deadlineSeconds * 1000
  let waiting = copies
  let written = 0
  for (;;) {
    const results = await Promise.all(
      waiting.map(async (copy) => attempt(() => bring(copy, world.source, change, versions))),
    )
    written += results.reduce<number>((sum, result) => sum + (result ?? 0), 0)
    waiting = waiting.filter((_, at) => results[at] === undefined)
    const nowMs = clock.now().getTime()
    if (waiting.length === 0) return { written, afterSeconds: (nowMs - changedMs) / 1000 }
    // A change that is announced late still gets one attempt.
    if (nowMs + world.retryEverySeconds * 1000 > deadlineMs) throw notAcknowledged(waiting, world.deadlineSeconds)
    await clock.sleep(world.retryEverySeconds * 1000)
  }
}

async function settingVersions({ configuration }: CopyWorld, { name, kind }: SettingChange): Promise<Setting[]> {
  const versions: Setting[] = []
  if (kind === 'removed') return versions
  for await (const version of configuration.history(name)) versions.push(version)
  return versions
}

/** Writes what the copy lacks and says how much that was. */
async function bring(
  copy: ConfigurationCopy,
  source: string,
  { name, kind, changedAt }: SettingChange,
  versions: readonly Setting[],
): Promise<number> {
  const held = new Set<string>()
  for await (const key of copy.store.keys(versionsOf(source, name))) held.add(key)
  const wanted: [key: string, value: Json][] =
    kind === 'removed'
      ? [[removalKey(source, name, changedAt), { name, removedAt: changedAt }]]
      : versions.map((version) => [versionKey(source, name, version), { ...version }])
  const missing = wanted.filter(([key]) => !held.has(key))
  for (const [key, value] of missing) await writeSealed(copy, key, value)
  return missing.length
}

/** Undefined where the region could not be reached or refused for now; anything else is thrown on. */
async function attempt(work: () => Promise<number>): Promise<number | undefined> {
  try {
    return await work()
  } catch (error) {
    if (isPortError(error) && error.failure !== 'invalid') return undefined
    throw error
  }
}

const notAcknowledged = (waiting: readonly ConfigurationCopy[], deadlineSeconds: number): PortError =>
  new PortError(
    'unreachable',
    'CONFIGURATION_NOT_ACKNOWLEDGED',
    `${waiting.map(({ region }) => region).join(', ')} did not acknowledge the change within ${deadlineSeconds} s; the next backup of the environment carries it`,
  )

import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ConfigurationCopy } from '../../../core/configuration/copies'
import { backupEnvironment, environmentBackups, readEnvironment } from '../../../core/configuration/environment'
import { moving, toldVersion } from '../../../core/configuration/moves'
import { restoreEnvironment } from '../../../core/configuration/restore'
import { canonicalJson } from '../../../core/evidence/canonical-json'
import type { Clock } from '../../../core/ports/clock'
import type { Setting } from '../../../core/ports/configuration'
import { createOnce } from '../create-once'
import { FolderConfiguration } from '../folder-configuration'
import { FolderWriteOnceStore } from '../folder-write-once-store'
import { KeyWrapping } from '../key-wrapping'
import type { DeployedPlace } from './place'
import type { PlatformFolder } from './platform-folder'
import { Pointer } from './pointer'

type Content = Pick<Setting, 'name' | 'kind' | 'value'>

/** The settings of a region, and the copies of them that both regions keep. */
export interface SettingsPlace extends DeployedPlace {
  readonly configuration: FolderConfiguration
  /** Copies what is in force into both regions, so that it can be put in force again. */
  keep(): Promise<void>
}

/**
 * A version of the settings is a keyed hash of what they hold, since that may be a credential: the same content is the same
 * version, whenever it was in force. What is in force is kept before anything else replaces it.
 */
export async function settingsPlace(
  { settings: { inForce: folder, copyOf, fingerprintKey, moved } }: PlatformFolder,
  regions: { readonly primary: string; readonly recovery: string },
  clock: Clock,
): Promise<SettingsPlace> {
  await mkdir(dirname(fingerprintKey), { recursive: true, mode: 0o700 })
  await createOnce(fingerprintKey, randomBytes(32), 0o600)
  const key = await readFile(fingerprintKey)
  const configuration = new FolderConfiguration(folder, clock)
  const copies = await Promise.all(
    [regions.primary, regions.recovery].map((region) => openCopy(region, copyOf(region))),
  )
  const pointer = new Pointer(moved)

  const versionOf = (content: readonly Content[]): string =>
    createHmac('sha256', key)
      .update(canonicalJson(content.map(({ name, kind, value }) => ({ name, kind, value })).toSorted(byName)))
      .digest('hex')
      .slice(0, 16)
  const [primaryCopy] = copies
  const moves = { region: regions.primary, copy: primaryCopy!, clock }
  const now = async (): Promise<string | undefined> => {
    const settings: Content[] = []
    for await (const setting of configuration.settings()) settings.push(setting)
    return settings.length === 0 ? undefined : versionOf(settings)
  }
  /** Where a version lies, with the copy that holds it. */
  const keptAs = async (version: string): Promise<{ copy: ConfigurationCopy; key: string } | undefined> => {
    for (const copy of copies)
      for await (const at of environmentBackups(copy, regions.primary))
        if (versionOf((await readEnvironment(copy, at)).settings) === version) return { copy, key: at }
    return undefined
  }
  const keep = async () => {
    const version = await now()
    if (version !== undefined && !(await keptAs(version)))
      await backupEnvironment(regions.primary, configuration, copies, clock)
  }
  return {
    configuration,
    keep,
    inForce: async () => {
      const version = await now()
      return version === undefined ? undefined : toldVersion(moves, version)
    },
    obstacle: async (to) =>
      to === (await now()) || (await keptAs(to)) ? undefined : { code: 'VERSION_GONE', what: to },
    isDone: (request) => pointer.isDone(request),
    putInForce: async (to, request) => {
      await keep()
      const kept = await keptAs(to)
      // Setting by setting: a crash in between leaves some of them, and the same request again the rest.
      if (kept)
        await moving(moves, { from: (await now()) ?? to, to }, () =>
          restoreEnvironment('real', configuration, kept.copy, kept.key),
        )
      await pointer.move(to, request)
    },
    serves: async () => (await now()) !== undefined,
  }
}

const byName = (a: Content, b: Content): number => (a.name < b.name ? -1 : 1)

async function openCopy(
  region: string,
  { store, keyFile }: { store: string; keyFile: string },
): Promise<ConfigurationCopy> {
  return { region, store: new FolderWriteOnceStore(store), keys: await KeyWrapping.open(keyFile) }
}

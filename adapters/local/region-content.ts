import { readSealed, versionsOf, type ConfigurationCopy } from '../../core/configuration/copies'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import type { WriteOnceStore } from '../../core/ports/write-once-store'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { KeyWrapping } from './key-wrapping'
import type { RegionContent } from './processes/settings'
import type { PagedStore } from './store-server'

/** The setting and the asset that a rehearsal changes again and again. */
export const SETTING = '/clinic/reminder-number'
export const ASSET = 'leaflet'

/** Where the versions of an asset lie. */
export const assetsOf = (name: string): string => `assets/${name}/`

export const assetKey = (name: string, version: number): string =>
  `${assetsOf(name)}v${String(version).padStart(6, '0')}`

/** A region's copies of settings, and its assets beside them, for a process that runs in the region. */
export async function openContent(region: string, { folder, keyFile }: RegionContent): Promise<ConfigurationCopy> {
  return { region, store: new FolderWriteOnceStore(folder), keys: await KeyWrapping.open(keyFile) }
}

/**
 * Versions of the setting that lie in a copy, and those that the copy's own keys do not open, or not alone: a copy under keys of
 * another region would be lost with that region.
 */
export async function sealedAlone(
  copy: ConfigurationCopy,
  otherKeys: ConfigurationCopy['keys'],
  source: string,
): Promise<{ readonly versions: number; readonly notItsOwn: number }> {
  const isOpenedBy = (keys: ConfigurationCopy['keys'], key: string) =>
    readSealed({ ...copy, keys }, key).then(
      () => true,
      () => false,
    )
  let [versions, notItsOwn] = [0, 0]
  for await (const key of copy.store.keys(versionsOf(source, SETTING))) {
    versions += 1
    if (!(await isOpenedBy(copy.keys, key)) || (await isOpenedBy(otherKeys, key))) notItsOwn += 1
  }
  return { versions, notItsOwn }
}

/** What a store server needs to serve it to another region. */
export function servedStore(store: WriteOnceStore): PagedStore {
  const get: PagedStore['get'] = async (key) => {
    const text = await store.get(key)
    return text === undefined ? undefined : { key, value: text, version: '1' }
  }
  return {
    get,
    create: async (key, value) => {
      if (typeof value !== 'string') throw new Error(`'${key}' is given a value that is no text`)
      return store.create(key, value)
    },
    replace: async () => 'stale',
    page: async (prefix, after = '') => {
      const items = []
      for await (const key of store.keys(prefix)) if (key > after) items.push((await get(key))!)
      return { items }
    },
  }
}

/** The same store as another region sees it. */
export const remoteStore = (store: ConditionalStore): WriteOnceStore => ({
  create: (key, text) => store.create(key, text),
  get: async (key) => (await store.get(key))?.value as string | undefined,
  keys: async function* (prefix) {
    for await (const { key } of store.list(prefix)) yield key
  },
})

import type { Json } from '../json'
import { storedText } from '../evidence/record'
import type { DataKeys } from '../ports/data-keys'
import { PortError } from '../ports/errors'
import type { WriteOnceStore } from '../ports/write-once-store'
import { open, seal } from './envelope'

/** What one region holds of the configuration: envelopes written once, under that region's own key. */
export interface ConfigurationCopy {
  /** Region that holds the copy. */
  readonly region: string
  readonly store: WriteOnceStore
  readonly keys: DataKeys
}

/** Where the versions of one setting lie. `source` is the region the setting is read in. */
export const versionsOf = (source: string, name: string): string => `versions/${source}${name}/`

/** Time first: a setting that was removed and made anew counts its versions from 1 again. */
export const versionKey = (source: string, name: string, version: { modifiedAt: string; version: number }): string =>
  `${versionsOf(source, name)}${compact(version.modifiedAt)}-v${String(version.version).padStart(6, '0')}`

export const removalKey = (source: string, name: string, removedAt: string): string =>
  `${versionsOf(source, name)}${compact(removedAt)}-removed`

export const environmentsOf = (source: string): string => `environments/${source}/`

export const environmentKey = (source: string, takenAt: string): string => environmentsOf(source) + compact(takenAt)

/** Stores a value under a key of a copy, sealed for that key alone; an existing key keeps its first content. */
export async function writeSealed({ store, keys }: ConfigurationCopy, key: string, value: unknown): Promise<string> {
  const envelope = await seal(keys, storedText({ value }), contextOf(key))
  await store.create(key, envelope)
  return envelope
}

/** The value under a key of a copy. Throws PortError('invalid') where nothing is, or what is there is damaged. */
export async function readSealed({ region, store, keys }: ConfigurationCopy, key: string): Promise<Json> {
  const envelope = await store.get(key)
  if (envelope === undefined)
    throw new PortError(
      'invalid',
      'CONFIGURATION_COPY_MISSING',
      `'${region}' holds nothing under '${key}'; list what it has`,
    )
  const { value }: { readonly value: Json } = JSON.parse(await open(keys, envelope, contextOf(key)))
  return value
}

const contextOf = (key: string) => ({ purpose: 'configuration', key })

/** An instant as a part of a key, in the order of time. */
export const compact = (instant: string): string => new Date(instant).toISOString().replaceAll(/[-:.]/g, '')

/** A backup is named after the time that it was begun at, so that the order of names is that of time. */
export const nameOf = (startedAt: Date, id: string): string =>
  `${startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${id.slice(0, 8)}`

const MANIFEST = '/manifest.json'

export const partOf = (name: string, part: string): string => `${name}/${part}.sealed`
/** Held once the backup is whole. */
export const manifestOf = (name: string): string => name + MANIFEST

/** Name of the backup that a manifest belongs to; undefined for any other file. */
export const backupOf = (file: string): string | undefined =>
  /^\d{8}T\d{6}Z-[0-9a-f]{8}\/manifest\.json$/.test(file) ? file.slice(0, -MANIFEST.length) : undefined

/** Whether a backup that was begun then, under that id, has this name. */
export const isNamed = (name: string, startedAt: string, id: string): boolean =>
  name === nameOf(new Date(startedAt), id)

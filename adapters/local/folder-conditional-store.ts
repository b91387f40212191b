import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../../core/json'
import type { Stored } from '../../core/ports/conditional-store'
import type { PagedStore } from './store-server'

/** A conditional store in a folder, one file per key. This process is the only writer of the folder. */
export async function folderConditionalStore(folder: string): Promise<PagedStore> {
  await mkdir(folder, { recursive: true })
  // One write at a time, so that check and write cannot be torn apart.
  let last: Promise<unknown> = Promise.resolve()
  const writeIf = (key: string, allowed: (now: Stored | undefined) => boolean, value: Json): Promise<boolean> => {
    const result = last.then(async () => {
      const now = await read(folder, key)
      if (!allowed(now)) return false
      // Counts the writes of the key, so that a value that returns is still a new version.
      await write(folder, { key, value, version: String(Number(now?.version ?? 0) + 1) })
      return true
    })
    last = result.catch(() => undefined)
    return result
  }
  return {
    get: (key) => read(folder, key),
    create: async (key, value) => ((await writeIf(key, (now) => now === undefined, value)) ? 'created' : 'exists'),
    replace: async (key, value, version) =>
      (await writeIf(key, (now) => now?.version === version, value)) ? 'replaced' : 'stale',
    page: async (prefix, after = '') => {
      const names = (await readdir(folder)).filter((name) => !name.endsWith('.new')).map(decodeURIComponent)
      const keys = names.filter((key) => key.startsWith(prefix) && key > after).toSorted()
      // Nothing is ever removed, so what was listed is there.
      return { items: await Promise.all(keys.slice(0, PAGE).map(async (key) => (await read(folder, key))!)) }
    },
  }
}

const PAGE = 100

const fileOf = (folder: string, key: string): string => join(folder, encodeURIComponent(key))

/** Undefined only where nothing was ever written; any other trouble must not look like it. */
async function read(folder: string, key: string): Promise<Stored | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(folder, key), 'utf8')) as Stored
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(folder: string, stored: Stored): Promise<void> {
  const path = fileOf(folder, stored.key)
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(JSON.stringify(stored))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  // The new name itself has to reach the disk too, or a crash could bring the old value back.
  const entry = await open(folder)
  await entry.sync().finally(() => entry.close())
}

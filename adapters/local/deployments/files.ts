import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256 } from '../../../core/evidence'
import { isFolderName, type DeployedPlace } from './place'
import { MANIFEST } from './platform-folder'
import { Pointer } from './pointer'

const manifest = z.record(z.string(), z.string())

/** Files that are served as a whole: a pointer names the folder. What is in force serves while every file is as it was published. */
export function filesPlace({
  versions,
  current,
}: {
  readonly versions: string
  readonly current: string
}): DeployedPlace {
  const pointer = new Pointer(current)
  const isWhole = async (version: string): Promise<boolean> => {
    const folder = join(versions, version)
    try {
      const files = manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')))
      for (const [name, hash] of Object.entries(files))
        if (sha256(await readFile(join(folder, name), 'utf8')) !== hash) return false
      return true
    } catch {
      return false // a file that is missing or cannot be read is not whole
    }
  }
  return {
    inForce: () => pointer.version(),
    obstacle: async (to) => (isFolderName(to) && (await isWhole(to)) ? undefined : { code: 'VERSION_GONE', what: to }),
    isDone: (key) => pointer.isDone(key),
    putInForce: (to, key) => pointer.move(to, key),
    serves: async () => {
      const version = await pointer.version()
      return version !== undefined && (await isWhole(version))
    },
  }
}

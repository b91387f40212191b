import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { isFolderName, type DeployedPlace } from './place'
import { MODULE, type PlatformFolder } from './platform-folder'
import { Pointer } from './pointer'

const ANSWER_MS = 2_000

/** Header in which every answer of a program names its version. */
export const VERSION_HEADER = 'x-release'

/**
 * A program that is served over HTTP. Whoever puts a version in force writes down that it is wanted; the hosting process
 * starts it, hands the traffic over once it answers, and writes down that it is live.
 */
export function programPlace(
  { versions, wanted, live }: ReturnType<PlatformFolder['programOf']>,
  port: number | undefined,
): DeployedPlace {
  const request = new Pointer(wanted)
  const inForce = () => new Pointer(live).version()
  return {
    inForce,
    obstacle: async (to) =>
      isFolderName(to) && (await isThere(join(versions, to, MODULE))) ? undefined : { code: 'VERSION_GONE', what: to },
    isDone: (key) => request.isDone(key),
    putInForce: (to, key) => request.move(to, key),
    serves: async () => {
      const version = await inForce()
      if (version === undefined || port === undefined) return false
      try {
        const { ok, headers } = await fetch(`http://127.0.0.1:${port}/health`, {
          signal: AbortSignal.timeout(ANSWER_MS),
        })
        return ok && headers.get(VERSION_HEADER) === version
      } catch {
        return false // what does not answer does not serve
      }
    },
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

import { lock } from 'proper-lockfile'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { PortError } from '../../core/ports/errors'
import { folderConditionalStore } from './folder-conditional-store'

/** Writes take milliseconds; whoever still waits after these attempts waits for something else. */
const ATTEMPTS = { retries: 40, factor: 1.2, minTimeout: 10, maxTimeout: 250 }

/** A conditional store in a folder that several processes write at once: each write holds the folder's lock, which a crash frees. */
export async function sharedFolderStore(folder: string): Promise<ConditionalStore> {
  const store = await folderConditionalStore(folder)
  const alone = async <T>(write: () => Promise<T>): Promise<T> => {
    const release = await lock(folder, { retries: ATTEMPTS }).catch((error: unknown) => {
      throw new PortError('unreachable', 'STORE_BUSY', `another process holds '${folder}'; try again`, { cause: error })
    })
    return write().finally(release)
  }
  return {
    get: store.get,
    create: (key, value) => alone(() => store.create(key, value)),
    replace: (key, value, version) => alone(() => store.replace(key, value, version)),
    async *list(prefix) {
      let after: string | undefined
      for (;;) {
        const { items } = await store.page(prefix, after)
        yield* items
        const last = items.at(-1)
        if (!last) return
        after = last.key
      }
    },
  }
}

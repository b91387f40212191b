import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { syncFolder } from '../create-once'

const held = z.strictObject({
  version: z.string(),
  /** How often another version was named. */
  moves: z.int().nonnegative(),
  /** Requests that were carried out. */
  keys: z.array(z.string()),
})

/**
 * A file that names one version of several, and remembers by which requests it was moved: both in one write, so that a
 * request that is repeated after any crash moves it once. One mover at a time: a rollback holds its lease.
 */
export class Pointer {
  constructor(private readonly path: string) {}

  /** Undefined before it was moved for the first time. */
  async version(): Promise<string | undefined> {
    return (await this.read())?.version
  }

  /** How often it was moved to another version. */
  async moves(): Promise<number> {
    return (await this.read())?.moves ?? 0
  }

  async isDone(key: string): Promise<boolean> {
    return (await this.read())?.keys.includes(key) ?? false
  }

  /** The same key again moves nothing, whoever moved it since. */
  async move(version: string, key: string): Promise<void> {
    const now = await this.read()
    if (now?.keys.includes(key)) return
    const moves = (now?.moves ?? 0) + (now?.version === version ? 0 : 1)
    await writeWhole(this.path, JSON.stringify({ version, moves, keys: [...(now?.keys ?? []), key] }))
  }

  private async read(): Promise<z.infer<typeof held> | undefined> {
    try {
      return held.parse(JSON.parse(await readFile(this.path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
}

/** Replaces a file by its whole new content, for whoever reads it at any moment and after any crash. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const aside = `${path}.${randomUUID()}`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
  await syncFolder(folder)
}

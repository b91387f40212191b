import { randomUUID } from 'node:crypto'
import { link, open, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Gives a file its whole content at once, or leaves the one that stands there. The content is written aside, synced,
 * and then linked to its name, which fails where the name is taken. Returns whether the file is new.
 */
export async function createOnce(path: string, content: string | Uint8Array, mode: number): Promise<boolean> {
  const folder = dirname(path)
  const aside = join(folder, `.${randomUUID()}`)
  try {
    await writeSynced(aside, content, mode)
    const created = await linkUnlessTaken(aside, path)
    await syncFolder(folder)
    return created
  } finally {
    await unlink(aside).catch(ignoreMissing)
  }
}

async function writeSynced(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function linkUnlessTaken(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A new name is durable only once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DataClass } from '../../core/ports/archive-disposal'
import type { ArchivedObject, ArchiveReading } from '../../core/ports/archive-reading'
import { PortError } from '../../core/ports/errors'
import type { DumpArchive } from '../../core/ports/logical-dump'
import { createOnce } from './create-once'

/** The archive of one region in a folder, a folder for each class, readable for its owner alone. */
export class FolderDumpArchive implements DumpArchive, ArchiveReading {
  constructor(readonly folder: string) {}

  async holds(dataClass: DataClass, key: string): Promise<boolean> {
    return (await stat(this.pathOf(dataClass, key)).catch(ifMissing)) !== undefined
  }

  async write(dataClass: DataClass, key: string, text: string): Promise<void> {
    const path = this.pathOf(dataClass, key)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await createOnce(path, text, 0o600)
  }

  async keep(dataClass: DataClass, key: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.pathOf(dataClass, key)
    const aside = join(dirname(path), `.${randomUUID()}`)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    try {
      await pipeline(bytes, createWriteStream(aside, { mode: 0o600, flags: 'wx', flush: true }))
      await rename(aside, path)
    } finally {
      await rm(aside, { force: true })
    }
  }

  async *objects(dataClass: DataClass, prefix: string): AsyncIterable<ArchivedObject> {
    const root = join(this.folder, dataClass)
    const found = await readdir(root, { recursive: true, withFileTypes: true }).catch((error) => ifMissing(error) ?? [])
    const keys = found
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
      .filter((key) => key.startsWith(prefix))
    for (const key of keys.toSorted()) yield { key, bytes: (await stat(join(root, key))).size }
  }

  async *read(dataClass: DataClass, key: string): AsyncIterable<Uint8Array> {
    if (!(await this.holds(dataClass, key)))
      throw new PortError('invalid', 'ARCHIVE_OBJECT_MISSING', `the archive of '${dataClass}' holds no '${key}'`)
    yield* createReadStream(this.pathOf(dataClass, key)) as AsyncIterable<Uint8Array>
  }

  private pathOf = (dataClass: DataClass, key: string): string => join(this.folder, dataClass, key)
}

const ifMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}

import { randomUUID } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { link, mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BackupStore } from '../../core/ports/backup-store'
import { PortError, type PortFailure } from '../../core/ports/errors'
import { syncFolder } from './create-once'

/** Path segments that are safe on every file system and cannot leave the folder. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/
/** What a file is called while it is written, and where a crash may leave it. */
const ASIDE = '.part-'
const READ_BYTES = 1024 ** 2
/** What is written before the disk is asked to have it. */
const REACHING_BYTES = 32 * 1024 ** 2

/** Backups in a folder, readable for its owner alone: each file is whole, or not there. */
export class FolderBackups implements BackupStore {
  constructor(private readonly folder: string) {}

  keep(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    return this.write(name, bytes, async (aside, path) => {
      await link(aside, path)
      await unlink(aside)
    })
  }

  replace(name: string, text: string): Promise<void> {
    return this.write(name, [Buffer.from(text, 'utf8')], rename)
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    try {
      yield* createReadStream(this.pathOf(name), { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>
    } catch (error) {
      if (codeOf(error) === 'ENOENT')
        throw new PortError('invalid', 'BACKUP_FILE_MISSING', `there is no '${name}' in ${this.folder}`, {
          cause: error,
        })
      throw failed('read', name, error)
    }
  }

  async *names(prefix: string): AsyncIterable<string> {
    let found: Dirent[]
    try {
      found = await readdir(this.folder, { recursive: true, withFileTypes: true })
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw failed('listed', this.folder, error)
    }
    const files = found.filter((entry) => entry.isFile() && !entry.name.startsWith(ASIDE))
    const names = files.map(({ parentPath, name }) => relative(this.folder, join(parentPath, name)))
    yield* names.filter((name) => name.startsWith(prefix)).toSorted()
  }

  private async write(
    name: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    put: (aside: string, path: string) => Promise<void>,
  ): Promise<void> {
    const path = this.pathOf(name)
    const aside = join(dirname(path), `${ASIDE}${randomUUID()}`)
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeWhole(aside, bytes)
      await put(aside, path)
      await syncFolder(dirname(path))
    } catch (error) {
      await unlink(aside).catch(() => undefined)
      // What the stream itself ended with is not about this folder.
      throw codeOf(error) === undefined || error instanceof PortError ? error : failed('written', name, error)
    }
  }

  private pathOf(name: string): string {
    if (NAME.test(name)) return join(this.folder, name)
    throw new PortError('invalid', 'BACKUP_NAME', `'${name}' is no name; use letters, digits, '.', '_', '-' and '/'`)
  }
}

async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  let reaching: Promise<void> = Promise.resolve()
  try {
    let waiting = 0
    for await (const chunk of bytes) {
      await writeAll(file, chunk)
      waiting += chunk.length
      if (waiting < REACHING_BYTES) continue
      waiting = 0
      await reaching
      // Meanwhile the next ones come: at the end there is little left to wait for. What fails is told at the next look.
      reaching = file.datasync()
      reaching.catch(() => undefined)
    }
    await reaching
    await file.sync()
  } finally {
    await reaching.catch(() => undefined)
    await file.close()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code

const FAILURES: Readonly<Record<string, readonly [PortFailure, string]>> = {
  ENOSPC: ['conflict', 'the disk is full; free some space'],
  EDQUOT: ['conflict', 'the disk quota is used up; free some space'],
  EFBIG: ['conflict', 'the file may not grow that large here; choose another folder'],
  EACCES: ['denied', 'give this user the right to it, or choose another folder'],
  EPERM: ['denied', 'give this user the right to it, or choose a file system with hard links'],
  EROFS: ['denied', 'the file system is read-only; choose another folder'],
  EEXIST: ['conflict', 'it is there already; nothing is written over'],
  ENOTDIR: ['invalid', 'a file stands where a folder is needed; choose another folder'],
}

function failed(verb: string, name: string, cause: unknown): PortError {
  const code = codeOf(cause) ?? 'unknown'
  const [failure, advice] = FAILURES[code] ?? ['unreachable', 'look at the disk']
  return new PortError(failure, `BACKUP_FOLDER_${code}`, `'${name}' cannot be ${verb} (${code}): ${advice}`, { cause })
}

import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PortError, type PortFailure } from '../../core/ports/errors'
import type { WriteOnceStore } from '../../core/ports/write-once-store'
import { createOnce } from './create-once'

/** Path segments that are safe on every file system and cannot leave the folder. */
const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/

/**
 * A write-once store in a folder: one file per key, whole or not there at all, also after a crash or a full disk.
 */
export class FolderWriteOnceStore implements WriteOnceStore {
  constructor(private readonly folder: string) {}

  async create(key: string, text: string): Promise<'created' | 'exists'> {
    const path = this.pathOf(key)
    try {
      await mkdir(dirname(path), { recursive: true })
      return (await createOnce(path, text, 0o644)) ? 'created' : 'exists'
    } catch (error) {
      throw failed('written', path, error)
    }
  }

  async get(key: string): Promise<string | undefined> {
    const path = this.pathOf(key)
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw failed('read', path, error)
    }
  }

  async *keys(prefix: string): AsyncIterable<string> {
    yield* this.walk('', prefix)
  }

  /** Visits in key order: a folder sorts as its name with the slash, as its keys do. */
  private async *walk(parent: string, prefix: string): AsyncGenerator<string> {
    const path = join(this.folder, parent)
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return []
      throw failed('listed', path, error)
    })
    const names = entries.map((entry) => parent + entry.name + (entry.isDirectory() ? '/' : ''))
    for (const name of names.toSorted()) {
      if (name.slice(parent.length).startsWith('.')) continue // a text still being written, or left by a crash
      if (!name.endsWith('/')) {
        if (name.startsWith(prefix)) yield name
      } else if (name.startsWith(prefix) || prefix.startsWith(name)) yield* this.walk(name, prefix)
    }
  }

  private pathOf(key: string): string {
    if (KEY.test(key)) return join(this.folder, key)
    throw new PortError(
      'invalid',
      'EVIDENCE_KEY_INVALID',
      `'${key}' is not a key; use letters, digits, '.', '_', '-' and '/'`,
    )
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code

const FAILURES: Record<string, { failure: PortFailure; advice: string }> = {
  ENOSPC: { failure: 'throttled', advice: 'the disk is full; free some space and try again' },
  EDQUOT: { failure: 'throttled', advice: 'the disk quota is used up; free some space and try again' },
  EACCES: { failure: 'denied', advice: 'give this user the right to it, or choose another folder' },
  EPERM: { failure: 'denied', advice: 'give this user the right to it, or choose a file system with hard links' },
  EROFS: { failure: 'denied', advice: 'the file system is read-only; choose another folder' },
  EEXIST: { failure: 'invalid', advice: 'a file stands where a folder is needed; choose another folder' },
  ENOTDIR: { failure: 'invalid', advice: 'a file stands where a folder is needed; choose another folder' },
}

function failed(verb: string, path: string, cause: unknown): PortError {
  const code = codeOf(cause) ?? 'unknown'
  const { failure, advice } = FAILURES[code] ?? { failure: 'unreachable' as const, advice: 'look at the disk' }
  return new PortError(failure, `EVIDENCE_FOLDER_${code}`, `'${path}' cannot be ${verb} (${code}): ${advice}`, {
    cause,
  })
}

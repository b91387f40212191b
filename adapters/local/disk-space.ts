import { statfs } from 'node:fs/promises'
import { isUserError, UserError } from '../../core/user-error'

/** Least free space a world may start with: three databases, their logs and archives, and the clients' own log. */
const NEEDED_BYTES = 1_500_000_000
/** With less than two segments of its log a database stops at the next one. */
const EXHAUSTED_BYTES = 2 * 16 * 1024 * 1024

/** Throws UserError where the folder's disk is too small to begin. */
export async function requireRoom(folder: string): Promise<void> {
  const free = await freeBytes(folder)
  if (free >= NEEDED_BYTES) return
  throw new UserError(
    'DISK_TOO_SMALL',
    `only ${megabytes(free)} MB are free in ${folder}, a drill needs ${megabytes(NEEDED_BYTES)} MB`,
    'free some space, or set TMPDIR to a folder with more',
  )
}

/** Throws UserError once the folder's disk has run full: what is measured then is the disk, not the recovery. */
export async function requireUnfilled(folder: string): Promise<void> {
  if (await isExhausted(folder)) throw ranFull(folder)
}

/** The error that a person can act on: the full disk where one stands behind `error`, else `error` itself. */
export async function explained(error: unknown, folder: string): Promise<unknown> {
  if (isUserError(error)) return error
  const path = fullPathOf(error)
  if (path !== undefined) return ranFull(path === '' ? folder : path, error)
  return (await isExhausted(folder).catch(() => false)) ? ranFull(folder, error) : error
}

/** Folders whose disk was seen full: a server that died of it gives room back before anybody asks why it died. */
const seenFull = new Set<string>()
const LOOK_MS = 200

/** Looks again and again whether the folder's disk is full, so that it is remembered; gives what ends the looking. */
export function watchRoom(folder: string): () => void {
  const looking = setInterval(() => void isExhausted(folder).catch(() => false), LOOK_MS).unref()
  return () => clearInterval(looking)
}

async function isExhausted(folder: string): Promise<boolean> {
  if ((await freeBytes(folder)) < EXHAUSTED_BYTES) seenFull.add(folder)
  return seenFull.has(folder)
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

const megabytes = (bytes: number): number => Math.floor(bytes / 1e6)

const ranFull = (where: string, cause?: unknown): UserError =>
  new UserError(
    'DISK_FULL',
    `the disk of ${where} ran full during the drill, so that nothing it measured counts`,
    'free some space, or set TMPDIR to a folder with more, and run the drill again',
    { cause },
  )

const FULL = new Set(['ENOSPC', 'EDQUOT', '53100'])

/** Path of a write that found no space, by the error or what caused it; empty where it names none. */
function fullPathOf(error: unknown): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as Error).cause) {
    const { code, path } = at as NodeJS.ErrnoException
    if (code !== undefined && FULL.has(code)) return path ?? ''
  }
  return undefined
}

import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../core/user-error'
import { requireRoom } from './disk-space'
import { processTable } from './process-table'

/** The operating-system user the databases run as. PostgreSQL refuses to run as root. */
export interface DatabaseUser {
  readonly uid: number
  readonly gid: number
}

export function databaseUser(): DatabaseUser {
  const uid = process.getuid?.() ?? -1
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? -1 }
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      continue // no such user here, the next one may exist
    }
  }
  throw new UserError(
    'DATABASE_USER_MISSING',
    "PostgreSQL does not run as root, and neither user 'postgres' nor 'nobody' exists",
    'create one of them, or run as an ordinary user',
  )
}

/** A folder of ours that the database user can enter, outside any home or checkout. */
export async function sharedFolder(): Promise<string> {
  const folder = join(tmpdir(), `neonpro-recovery-${process.getuid?.() ?? 0}`)
  await mkdir(folder, { recursive: true, mode: 0o711 })
  await chmod(folder, 0o711)
  return folder
}

/** A fresh folder for one world, marked with its owner so that a later run can tell whether it was left behind. */
export async function newWorldFolder(): Promise<string> {
  const worlds = await worldsFolder()
  await requireRoom(worlds)
  const folder = await mkdtemp(join(worlds, 'world-'))
  await chmod(folder, 0o711)
  await requireEntrance(folder, databaseUser())
  await writeFile(
    join(folder, OWNER),
    JSON.stringify({ pid: process.pid, startTime: await processTable.startTimeOf(process.pid) }),
  )
  return folder
}

/** The database's user has to enter the folder, and every folder above it. */
async function requireEntrance(folder: string, { uid, gid }: DatabaseUser): Promise<void> {
  if (spawnSync('test', ['-x', folder], { uid, gid }).status === 0) return
  await rm(folder, { recursive: true })
  throw new UserError(
    'FOLDER_CLOSED',
    `the user of the databases (uid ${uid}) cannot enter ${folder}`,
    'set TMPDIR to a folder that other users may enter (chmod o+x), or run as an ordinary user',
  )
}

/** Creates a folder that belongs to the database user. */
export async function ownedFolder(path: string, user: DatabaseUser): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chown(path, user.uid, user.gid)
  return path
}

/** Ends every process that runs inside a world's folder and removes the folder. Refuses a folder that is not ours. */
export async function removeWorld(folder: string): Promise<void> {
  await readFile(join(folder, OWNER), 'utf8').catch(() => {
    throw new Error(`'${folder}' carries no mark of a rehearsal; refusing to touch it`)
  })
  // Twice: a process that is just being started by one we end could slip through the first pass.
  for (let pass = 0; pass < 2; pass++) for (const pid of await processesIn(folder)) kill(pid, 'SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

/** Removes worlds whose owner is gone. Returns how many there were. */
export async function sweepLeftovers(): Promise<number> {
  const worlds = await worldsFolder()
  let swept = 0
  for (const name of await readdir(worlds)) {
    const folder = join(worlds, name)
    const owner = await readFile(join(folder, OWNER), 'utf8')
      .then((text) => JSON.parse(text) as { pid: number; startTime: string })
      .catch(() => undefined)
    // A process id alone may have been given to somebody else since; with its start time it cannot.
    if (!owner || (await processTable.startTimeOf(owner.pid)) === owner.startTime) continue
    await removeWorld(folder)
    swept++
  }
  return swept
}

/** Worlds of this process that are still there; 0 once each was removed. */
export async function worldsLeft(): Promise<number> {
  const worlds = await worldsFolder()
  const owners = await Promise.all(
    (await readdir(worlds)).map((name) => readFile(join(worlds, name, OWNER), 'utf8').catch(() => '{}')),
  )
  return owners.filter((text) => (JSON.parse(text) as { pid?: number }).pid === process.pid).length
}

/** Processes whose working directory lies inside the folder: exactly those a world started, whatever became of their parents. */
export async function processesIn(folder: string): Promise<number[]> {
  const inside = (path: string) => path === folder || path.startsWith(`${folder}/`)
  const directories = await processTable.workingDirectories()
  return [...directories].flatMap(([pid, path]) => (pid !== process.pid && inside(path) ? [pid] : []))
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const OWNER = 'owner.json'

async function worldsFolder(): Promise<string> {
  const folder = join(await sharedFolder(), 'worlds')
  await mkdir(folder, { recursive: true, mode: 0o711 })
  await chmod(folder, 0o711)
  return folder
}

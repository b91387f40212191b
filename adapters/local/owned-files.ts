import { spawn } from 'node:child_process'
import { chown, writeFile } from 'node:fs/promises'
import type { DatabaseUser } from './scratch'

/** Writes a file that the database user alone may read. */
export async function writeOwned(path: string, text: string, { uid, gid }: DatabaseUser): Promise<void> {
  await writeFile(path, text, { mode: 0o600 })
  await chown(path, uid, gid)
}

/** A program that runs as the database user inside `folder` and comes to an end by itself. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  readonly user: DatabaseUser
  readonly input?: string
}

/** Runs a program to its end; throws with the end of what it complained of. */
export function run({ program, args, folder, user, input = '' }: Command): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      uid: user.uid,
      gid: user.gid,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: databaseEnvironment(folder),
    })
    // A program that wants no input may have ended before it is offered any.
    child.stdin.once('error', () => undefined).end(input)
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${program.split('/').at(-1)} failed with exit code ${code}: ${stderr.trim()}`)),
    )
  })
}

/** A standby's client library looks for keys in the home folder, and that of the user who started us is closed to it. */
export const databaseEnvironment = (home: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  HOME: home,
})

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Program =
  | 'guard'
  | 'dead-man'
  | 'workload'
  | 'observer'
  | 'application'
  | 'api-client'
  | 'content-author'
  | 'replicator'
  | 'hosting'
  | 'release'

/**
 * Starts one of the programs beside this file as a process of its own, working inside `folder`: whatever runs there
 * belongs to the place, dies with it, and is found by the clean-up.
 */
export async function startProcess(program: Program, folder: string, settings: object): Promise<ChildProcess> {
  const home = join(folder, program)
  await mkdir(home, { recursive: true })
  await chmod(home, 0o700)
  const settingsPath = join(home, 'settings.json')
  await writeFile(settingsPath, JSON.stringify(settings), { mode: 0o600 })
  const log = openSync(join(home, 'output.log'), 'a')
  const loader = pathToFileURL(require.resolve('tsx')).href
  const child = spawn(
    process.execPath,
    ['--import', loader, join(__dirname, `${program}.ts`), settingsPath],
    // A process group of its own: an interrupt at the terminal must reach the drill first.
    { cwd: home, detached: true, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  child.unref()
  return child
}

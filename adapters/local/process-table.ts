import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What this machine says of its processes. */
export interface ProcessTable {
  /** Working directory of every process that we may look at, by process id. */
  workingDirectories(): Promise<ReadonlyMap<number, string>>
  /** When a process started, in whatever form stays the same for its life. Empty where there is no such process. */
  startTimeOf(pid: number): Promise<string>
}

/** Linux: the kernel's own files. */
const procFiles: ProcessTable = {
  workingDirectories: async () => {
    const found = new Map<number, string>()
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry)) continue
      const folder = await readlink(`/proc/${entry}/cwd`).catch(() => '')
      if (folder) found.set(Number(entry), folder)
    }
    return found
  },
  startTimeOf: async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // The command name may hold spaces; the fields start after its closing bracket, and the start time is the 22nd of all.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  },
}

/** macOS and other systems without /proc: lsof and ps, which macOS brings along. */
export const programs: ProcessTable = {
  // It exits with 1 as soon as one process may not be looked at; what it could see stands on its output all the same.
  workingDirectories: async () => openDirectories(await outputOf('lsof', ['-w', '-a', '-d', 'cwd', '-F', 'pn'])),
  startTimeOf: async (pid) => (await outputOf('ps', ['-o', 'lstart=', '-p', String(pid)])).trim(),
}

export const processTable: ProcessTable = existsSync('/proc/self/cwd') ? procFiles : programs

/** lsof's output for programs: a line `p<pid>`, then lines of its files, the name behind `n`. */
export function openDirectories(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  let pid: number | undefined
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1))
    else if (line.startsWith('n') && pid !== undefined) found.set(pid, line.slice(1))
  }
  return found
}

/** What the program printed, also where it ended with an error. Throws where there is no such program. */
async function outputOf(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(program, args)).stdout
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: string }
    if (code === 'ENOENT')
      throw new Error(`'${program}' is needed to find leftovers, and is not installed`, { cause: error })
    return stdout ?? ''
  }
}

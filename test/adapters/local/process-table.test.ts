import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDirectories, processTable, programs } from '../../../adapters/local/process-table'

/** A process that sleeps in a folder of its own. */
async function inFolder(work: (pid: number, folder: string) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'process table ')))
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], { cwd: folder })
  await once(child.stdout, 'data')
  try {
    await work(child.pid!, folder)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
    await rm(folder, { recursive: true })
  }
}

const machineHas = (program: string): boolean => spawnSync(program, ['-h'], { stdio: 'ignore' }).error === undefined

const TABLES = [
  { name: 'this machine', table: processTable, needs: [] },
  { name: 'lsof and ps', table: programs, needs: ['lsof', 'ps'] },
]

describe.each(TABLES)('the process table of $name', ({ table, needs }) => {
  const able = needs.every(machineHas) ? it : it.skip
  able('knows where a process works, and when it started', () =>
    inFolder(async (pid, folder) => {
      expect((await table.workingDirectories()).get(pid)).toBe(folder)
      const started = await table.startTimeOf(pid)
      expect(started).not.toBe('')
      expect(await table.startTimeOf(pid)).toBe(started)
    }),
  )
  able('knows nothing of a process that is gone', async () => {
    let gone = 0
    await inFolder(async (pid) => void (gone = pid))
    expect((await table.workingDirectories()).has(gone)).toBe(false)
    expect(await table.startTimeOf(gone)).toBe('')
  })
})

it('reads what lsof prints for programs', () => {
  expect(openDirectories('p12\nfcwd\nn/a folder\np13\nfcwd\np14\nfcwd\nn/\n')).toEqual(
    new Map([
      [12, '/a folder'],
      [14, '/'],
    ]),
  )
})

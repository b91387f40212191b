import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProgramGroup } from '../../emulator/process-group'

const ROOT = join(__dirname, '../..')
const environment = { PATH: process.env['PATH'] ?? '' }

let folder: string
let log: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-group-'))
  log = join(folder, 'log')
})
afterEach(() => rmSync(folder, { recursive: true }))

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // Where nobody collects orphans, a dead one keeps its number.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
const numberIn = async (file: string): Promise<number> => {
  for (;;) {
    try {
      const text = readFileSync(file, 'utf8')
      if (text.endsWith('\n')) return Number(text)
    } catch {
      // Not written yet.
    }
    await sleep(20)
  }
}
/** Whether a process ends within the time it has. */
const dies = async (pid: number): Promise<boolean> => {
  for (const endsAt = Date.now() + 10_000; Date.now() < endsAt; await sleep(20)) if (!isAlive(pid)) return true
  return false
}
/** Writes the number of a grandchild that hears no friendly signal, then waits. */
const STUBBORN = (file: string) =>
  `(trap '' TERM INT HUP; echo $$ >/dev/null; sh -c 'echo $$ > ${file}; exec sleep 60' & wait)`

it('ends with everything it started, however stubborn', async () => {
  const file = join(folder, 'pid')
  const group = new ProgramGroup({ command: 'sh', args: ['-c', STUBBORN(file)], environment, log })
  const pid = await numberIn(file)
  await group.stop()
  expect(await dies(pid)).toBe(true)
})

it('fails with the end of its log', async () => {
  const group = new ProgramGroup({ command: 'sh', args: ['-c', 'echo what went wrong; exit 3'], environment, log })
  await expect(group.succeeded(10_000)).rejects.toThrow(/ended with 3:\nwhat went wrong/)
})

it('says how it ended, and whether it was killed', async () => {
  const exits = new ProgramGroup({ command: 'sh', args: ['-c', 'exit 3'], environment, log })
  expect(await exits.exitCode(10_000)).toBe(3)
  const dying = new ProgramGroup({ command: 'sh', args: ['-c', 'kill -KILL $$'], environment, log })
  await expect(dying.exitCode(10_000)).rejects.toThrow('was ended by SIGKILL')
})

it('fails when it takes too long, and runs no more', async () => {
  const file = join(folder, 'pid')
  const group = new ProgramGroup({ command: 'sh', args: ['-c', `echo $$ > ${file}; exec sleep 60`], environment, log })
  const pid = await numberIn(file)
  await expect(group.succeeded(100)).rejects.toThrow('took longer than 0.1 s')
  expect(await dies(pid)).toBe(true)
})

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'ends when this process gets %s',
  async (signal) => {
    const file = join(folder, 'pid')
    const script = join(folder, 'run.ts')
    writeFileSync(
      script,
      `import { endGroupsWithThisProcess, ProgramGroup } from ${JSON.stringify(join(ROOT, 'emulator/process-group'))}
endGroupsWithThisProcess()
new ProgramGroup({ command: 'sh', args: ['-c', ${JSON.stringify(STUBBORN(file))}], environment: process.env as Record<string, string>, log: ${JSON.stringify(log)} })
setInterval(() => undefined, 1000)
`,
    )
    const parent = spawn(process.execPath, ['--import', 'tsx', script], { cwd: ROOT, stdio: 'ignore' })
    const pid = await numberIn(file)
    parent.kill(signal)
    await once(parent, 'exit')
    expect(await dies(pid)).toBe(true)
  },
  30_000,
)

it('leaves no folder of an interrupted run, and keeps that of a failed one', async () => {
  const run = async (end: string) => {
    const [script, file] = [join(folder, 'run.ts'), join(folder, `${end}.folder`)]
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs'
import { endGroupsWithThisProcess, runFolder } from ${JSON.stringify(join(ROOT, 'emulator/process-group'))}
endGroupsWithThisProcess()
setInterval(() => undefined, 1000)
void runFolder().then((made) => {
  writeFileSync(${JSON.stringify(file)}, made)
  ${end}
})
`,
    )
    const parent = spawn(process.execPath, ['--import', 'tsx', script], { cwd: ROOT, stdio: 'ignore' })
    await once(parent, 'exit')
    const made = readFileSync(file, 'utf8')
    const left = existsSync(made)
    rmSync(made, { recursive: true, force: true })
    return left
  }
  expect(await run(`process.kill(process.pid, 'SIGINT')`)).toBe(false)
  expect(await run('process.exit(1)')).toBe(true)
}, 60_000)

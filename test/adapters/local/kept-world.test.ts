import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWorld } from '../../../adapters/local/kept-world'
import { processTable } from '../../../adapters/local/process-table'
import { announceWorld } from '../../../adapters/local/standing-world'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describedWorld, ownerOf } from './described-world'

let folder: string
const keepers = new Set<ChildProcess>()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'))
})
afterEach(async () => {
  jest.restoreAllMocks()
  await Promise.all([...keepers].map(killed))
  keepers.clear()
  await rm(folder, { recursive: true })
})

/** A process that keeps a world, as far as ending it is concerned: it does this once it is asked to end. */
async function keeper(onceAsked: string): Promise<{ readonly child: ChildProcess; readonly pid: number }> {
  const script = `process.on('SIGTERM', () => { ${onceAsked} }); setInterval(() => {}, 1000); console.log('stands')`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  keepers.add(child)
  await once(child.stdout, 'data')
  return { child, pid: child.pid! }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

it('lets the process that keeps a world end it in its own time, and waits for that', async () => {
  const { child, pid } = await keeper('setTimeout(() => process.exit(7), 300)')
  const ended = once(child, 'exit')
  await announceWorld(folder, await describedWorld({ owner: await ownerOf(pid) }))
  expect(await endWorld(folder)).toBe(true)
  expect(await processTable.startTimeOf(pid)).toBe('')
  expect(await ended).toEqual([7, null])
})

it('names a process that does not end and how to end it, and does not do that itself', async () => {
  const { child, pid } = await keeper("console.log('asked')")
  const asked = once(child.stdout!, 'data')
  const owner = await ownerOf(pid)
  await announceWorld(folder, await describedWorld({ owner }))
  const clock = new VirtualClock()
  await expect(endWorld(folder, clock)).rejects.toMatchObject({
    code: 'WORLD_STAYS',
    message: expect.stringMatching(new RegExp(`process ${pid}, .* has not ended after 120 s`)),
    resolution: expect.stringMatching(new RegExp(`end it with: kill -9 ${pid}$`)),
  })
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(120_000)
  expect(String(await asked)).toBe('asked\n')
  expect(await ownerOf(pid)).toEqual(owner)

  await killed(child)
  expect(await endWorld(folder)).toBe(false)
})

it('ends nothing where no world stands', async () => {
  const kill = jest.spyOn(process, 'kill')
  expect(await endWorld(folder)).toBe(false)
  // The number of an owner that is gone may be that of another process by now.
  const { pid } = await keeper('process.exit()')
  await announceWorld(folder, await describedWorld({ owner: { pid, startTime: 'another life of that number' } }))
  expect(await endWorld(folder)).toBe(false)
  expect(kill).not.toHaveBeenCalled()
})

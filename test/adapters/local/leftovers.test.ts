import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { newWorldFolder, processesIn, removeWorld, sweepLeftovers } from '../../../adapters/local/scratch'

/** Another run: makes a world with a process in it, then waits to be killed. */
const OTHER_RUN = `
  const { spawn } = require('node:child_process')
  const { newWorldFolder } = require(${JSON.stringify(join(__dirname, '../../../adapters/local/scratch'))})
  newWorldFolder().then((folder) => {
    spawn('sleep', ['60'], { cwd: folder, detached: true, stdio: 'ignore' }).on('spawn', () => console.log(folder))
    setTimeout(() => undefined, 60000)
  })`

async function startOtherRun() {
  const loader = pathToFileURL(require.resolve('tsx')).href
  const run = spawn(process.execPath, ['--import', loader, '-e', OTHER_RUN], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = (await once(run.stdout, 'data')) as [Buffer]
  return { run, folder: output.toString().trim() }
}

test('a killed run is cleaned up by the next one, its processes included; a living one is left alone', async () => {
  const killed = await startOtherRun()
  const living = await startOtherRun()
  killed.run.kill('SIGKILL')
  await once(killed.run, 'exit')
  await sweepLeftovers()
  await expect(access(killed.folder)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await processesIn(killed.folder)).toEqual([])
  expect(await processesIn(living.folder)).toHaveLength(1)
  living.run.kill('SIGKILL')
  await once(living.run, 'exit')
  await removeWorld(living.folder)
}, 20_000)

test('a folder without the mark of a rehearsal is never touched', async () => {
  const foreign = await mkdtemp(join(tmpdir(), 'not-ours-'))
  await mkdir(join(foreign, 'data'))
  await expect(removeWorld(foreign)).rejects.toThrow('carries no mark of a rehearsal')
  await expect(access(join(foreign, 'data'))).resolves.toBeUndefined()
  await rm(foreign, { recursive: true })
})

test('a world of this run is not a leftover', async () => {
  const folder = await newWorldFolder()
  await sweepLeftovers()
  await expect(access(folder)).resolves.toBeUndefined()
  await removeWorld(folder)
})

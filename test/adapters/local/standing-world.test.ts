import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processTable } from '../../../adapters/local/process-table'
import {
  announceWorld,
  descriptionIn,
  requireStandingWorld,
  standingWorld,
  type StandingWorld,
} from '../../../adapters/local/standing-world'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standing-'))
})
afterEach(() => rm(folder, { recursive: true }))

const world = async (change: Partial<StandingWorld> = {}): Promise<StandingWorld> => ({
  version: 1,
  environment: 'test',
  startedAt: '2026-11-28T10:00:00.000Z',
  owner: { pid: process.pid, startTime: await processTable.startTimeOf(process.pid) },
  folder: '/nowhere',
  regions: { primary: 'a', recovery: 'b', witness: 'c' },
  servedName: 'db',
  dnsPort: 1,
  instances: [
    {
      region: 'a',
      instance: 'g1',
      role: 'primary',
      endpoint: { name: 'g1.a', host: '127.0.0.1', port: 1, database: 'postgres', authority: 'none' },
    },
  ],
  logins: '/nowhere/secrets',
  storePorts: { recovery: 1, witness: 2 },
  keyFile: '/nowhere/key',
  applications: [],
  platform: '/nowhere/platform',
  ...change,
})
const DEAD = { pid: process.pid, startTime: 'another life of that number' }

it('is told to its owner alone', async () => {
  await announceWorld(folder, await world())
  expect((await stat(descriptionIn(folder))).mode & 0o777).toBe(0o600)
  expect(await standingWorld(folder)).toEqual(await world())
})

it('does not stand any more once its owner is gone, and says how to start one', async () => {
  await announceWorld(folder, await world({ owner: DEAD }))
  expect(await standingWorld(folder)).toBeUndefined()
  await expect(requireStandingWorld(folder)).rejects.toMatchObject({
    code: 'NO_WORLD',
    resolution: expect.stringContaining('world up'),
  })
})

it('does not replace one that stands, and replaces one that does not', async () => {
  await announceWorld(folder, await world({ owner: DEAD }))
  await announceWorld(folder, await world({ dnsPort: 5 }))
  await expect(announceWorld(folder, await world({ dnsPort: 6 }))).rejects.toMatchObject({ code: 'WORLD_STANDS' })
  expect((await standingWorld(folder))?.dnsPort).toBe(5)
})

it.each([
  ['no JSON', 'x'],
  ['another version', '{"version":2}'],
])('refuses a description that is %s', async (_, text) => {
  await writeFile(descriptionIn(folder), text)
  await expect(standingWorld(folder)).rejects.toMatchObject({ code: 'WORLD_FORM' })
})

it('reaches nothing but loopback', async () => {
  const [instance] = (await world()).instances
  const elsewhere = { ...instance!, endpoint: { ...instance!.endpoint, host: '10.0.0.1' as '127.0.0.1' } }
  await expect(announceWorld(folder, await world({ instances: [elsewhere] }))).rejects.toThrow(/host/)
})

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  announceWorld,
  descriptionIn,
  requireStandingWorld,
  standingWorld,
} from '../../../adapters/local/standing-world'
import { describedWorld } from './described-world'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standing-'))
})
afterEach(() => rm(folder, { recursive: true }))

const DEAD = { pid: process.pid, startTime: 'another life of that number' }

it('is told to its owner alone', async () => {
  await announceWorld(folder, await describedWorld())
  expect((await stat(descriptionIn(folder))).mode & 0o777).toBe(0o600)
  expect(await standingWorld(folder)).toEqual(await describedWorld())
})

it('does not stand any more once its owner is gone, and says how to start one', async () => {
  await announceWorld(folder, await describedWorld({ owner: DEAD }))
  expect(await standingWorld(folder)).toBeUndefined()
  await expect(requireStandingWorld(folder)).rejects.toMatchObject({
    code: 'NO_WORLD',
    resolution: expect.stringContaining('world up'),
  })
})

it('does not replace one that stands, and replaces one that does not', async () => {
  await announceWorld(folder, await describedWorld({ owner: DEAD }))
  await announceWorld(folder, await describedWorld({ dnsPort: 5 }))
  await expect(announceWorld(folder, await describedWorld({ dnsPort: 6 }))).rejects.toMatchObject({
    code: 'WORLD_STANDS',
  })
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
  const [instance] = (await describedWorld()).instances
  const elsewhere = { ...instance!, endpoint: { ...instance!.endpoint, host: '10.0.0.1' as '127.0.0.1' } }
  await expect(announceWorld(folder, await describedWorld({ instances: [elsewhere] }))).rejects.toThrow(/host/)
})

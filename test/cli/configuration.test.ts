import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../adapters/local/clock'
import { FolderConfiguration } from '../../adapters/local/folder-configuration'
import { recovery } from './recovery'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'configuration-'))
})
afterEach(() => rm(folder, { recursive: true }))

const HOST = '/neonpro/configuration/mail/host'
const SECRET = 'correct-horse-battery'
const settings = (region: string) => new FolderConfiguration(join(folder, 'configuration', region), systemClock)
const as = (actor: string) => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', actor]
const inRecovery = () => ['--region', 'recovery', ...as('restore-operator/one')]

async function backedUp(): Promise<string> {
  await settings('sa-east-1').put({ name: HOST, kind: 'sealed', value: SECRET })
  const { out } = await recovery('configuration', 'backup', '--region', 'primary', ...as('restore-operator/one'))
  return out.trim()
}

it('plans with a digest and ends with 3, restores with it, and prints no value', async () => {
  const key = await backedUp()
  const said = [await recovery('configuration', 'versions', ...inRecovery())]
  expect(said[0]).toMatchObject({ code: 0, err: '', out: `${key}\n` })
  said.push(await recovery('configuration', 'show-version', key, ...inRecovery()))
  expect(said[1]?.out).toContain(`${HOST}: sealed, version 1`)
  const restore = ['configuration', 'restore', key, '--reason', 'REGION_LOST', ...inRecovery()]
  const plan = await recovery(...restore, '--json')
  expect([plan.code, JSON.parse(plan.out)]).toMatchObject([3, { plan: { put: [HOST], remove: [] } }])
  const { digest } = JSON.parse(plan.out) as { digest: string }
  const done = await recovery(...restore, '--apply', digest)
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining('restored in the recovery region') })
  const restored: unknown[] = []
  for await (const { name, value } of settings('eu-west-1').settings()) restored.push([name, value])
  expect(restored).toEqual([[HOST, SECRET]])
  expect([...said, plan, done].map(({ out, err }) => out + err).join()).not.toContain(SECRET)
  expect(await recovery(...restore, '--apply', digest)).toMatchObject({
    code: 1,
    err: expect.stringContaining('look at the plan again'),
  })
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
})

it('restores nothing for whoever does not hold the role for one task', async () => {
  const key = await backedUp()
  const call = ['configuration', 'restore', key, '--reason', 'X_Y_Z', '--region', 'recovery', ...as('operator/one')]
  expect(await recovery(...call)).toMatchObject({
    code: 1,
    err: expect.stringContaining("the role 'operator' may not restore-configuration"),
  })
})

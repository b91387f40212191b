import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderConditionalStore } from '../../adapters/local/folder-conditional-store'
import { recovery } from './recovery'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plans-'))
  file = join(folder, 'plan.json')
})
afterEach(() => rm(folder, { recursive: true }))

const as = (actor: string, environment = 'test') =>
  ['--target', 'local', '--environment', environment, '--folder', folder, '--as', actor] as const
const plan = (...more: string[]) =>
  recovery('failover', 'plan', '--incident', 'i-7', '--reason', 'REGION_LOST', ...as('operator/one'), ...more)
const apply = (...more: string[]) => recovery('failover', 'apply', file, ...as('operator/one'), ...more)

it('plans, applies the plan, and asks another person, who answers in short; the evidence verifies', async () => {
  const planned = await plan('--out', file)
  expect(planned.code).toBe(0)
  expect(planned.out).toMatch(/^Plan of a failover \(region-failover, test\) for i-7, REGION_LOST\n/)
  expect(planned.out).toMatch(/\nExpected loss: the last \d+\.\d seconds, if it started now\n/)
  expect(planned.out).toMatch(
    /\n1\. Decide that .*\n {3}Seen: .*\n {3}Approval: .*\n {3}Undo: none: it changes nothing\n/,
  )
  expect(planned.out).toContain(`recovery failover apply ${file}`)
  const applied = await apply('--json')
  const { id } = JSON.parse(applied.out) as { id: string }
  expect((await recovery('runbook', 'status', id, ...as('operator/one'))).out).toContain('step decide asks')
  const answer = [id, '--step', 'decide'] as const
  expect(await recovery('approve', ...answer, ...as('incident-commander/one'))).toMatchObject({ code: 1 })
  expect(await recovery('approve', ...answer, ...as('incident-commander/two'))).toMatchObject({
    code: 0,
    out: `step decide of ${id} is approved\n`,
  })
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
  expect((await apply()).out).toContain(`recovery approve ${id} --step decide`)
})

it('declines in short, and says so ever after', async () => {
  await plan('--out', file)
  const { id } = JSON.parse((await apply('--json')).out) as { id: string }
  expect(await recovery('decline', id, '--step', 'decide', ...as('incident-commander/two'))).toMatchObject({
    code: 0,
    out: `step decide of ${id} is declined\n`,
  })
  expect((await recovery('runbook', 'status', id, ...as('operator/one'))).out).toContain('it is declined')
})

it('refuses a plan once the ledger or the epoch has moved, naming both values, and starts nothing', async () => {
  await plan('--out', file)
  const { hash } = JSON.parse(await readFile(file, 'utf8')) as { hash: string }
  const request = ['--id', 'r-1', '--kind', 'block', '--subject', 'P000000001']
  await recovery('ledger', 'append', ...request, ...as('records-commission/three'))
  const store = await folderConditionalStore(join(folder, 'coordination', 'recovery'))
  await store.create('writer-epoch', { epoch: 4, holder: 'eu-west-1', raisedBy: 'another', continues: 4 })
  const { code, err } = await apply()
  expect(code).toBe(1)
  expect(err).toContain('epoch-in-recovery was nothing and is 4')
  expect(err).toMatch(/ledger-head was nothing and is 1 [0-9a-f]{64}/)
  expect(err).toContain('make a new plan')
  expect(await store.get(`runs/plan-${hash.slice(0, 16)}`)).toBeUndefined()
})

it.each<[string, (text: string) => string, string]>([
  ['was edited', (text) => text.replace('"i-7"', '"i-8"'), 'its hash is another'],
  ['is of a later version', (text) => text.replace('"version": 1', '"version": 2'), 'no plan of this version: version'],
  ['is no JSON', () => 'the plan', 'cannot be read as JSON'],
])('refuses a plan that %s', async (_, change, said) => {
  await plan('--out', file)
  await writeFile(file, change(await readFile(file, 'utf8')))
  expect(await apply()).toMatchObject({ code: 1, err: expect.stringContaining(said) })
})

it('refuses a plan of another environment, and a folder that is not there', async () => {
  await plan('--out', file)
  expect(await recovery('failover', 'apply', file, ...as('operator/one', 'staging'))).toMatchObject({
    code: 1,
    err: expect.stringContaining("one of 'test', not of 'staging'"),
  })
  expect(await plan('--out', join(folder, 'none', 'plan.json'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot be written'),
  })
})

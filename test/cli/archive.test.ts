import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recovery } from './recovery'

let folder: string
let file: string
const order = {
  id: 'd-1',
  dataClass: 'phi',
  keys: ['2001/a.parquet'],
  lastEntryAt: '2001-03-01T00:00:00.000Z',
  commissionReference: 'minutes/2026-11',
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'))
  file = join(folder, 'order.json')
  await writeFile(file, JSON.stringify(order))
})
afterEach(() => rm(folder, { recursive: true }))

const as = (actor: string) => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', actor]

it('records an order, takes two approvals, and leaves evidence that verifies', async () => {
  expect(await recovery('archive', 'order', file, ...as('backup-operator/one'))).toMatchObject({
    code: 0,
    out: 'disposal d-1 is pending\n',
  })
  await recovery('archive', 'approve', 'd-1', ...as('records-commission/two'))
  expect(await recovery('archive', 'approve', 'd-1', ...as('records-commission/three'))).toMatchObject({
    code: 0,
    out: 'disposal d-1 is approved\n',
  })
  const status = await recovery('archive', 'status', 'd-1', ...as('backup-operator/one'), '--json')
  expect(JSON.parse(status.out)).toEqual({ id: 'd-1', decision: 'approved' })
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
})

it.each([
  ['a file that is not there', 'nothing.json', undefined, 'cannot read'],
  ['a file that is no order', 'order.json', 'not json', 'is no disposal'],
  ['an order without keys', 'order.json', JSON.stringify({ ...order, keys: [] }), 'keys: '],
  ['an order that names who asks', 'order.json', JSON.stringify({ ...order, requestedBy: 'me' }), 'requestedBy'],
])('refuses %s', async (_, name, text, said) => {
  if (text !== undefined) await writeFile(file, text)
  const { code, err } = await recovery('archive', 'order', join(folder, name), ...as('backup-operator/one'))
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
})

it('destroys nothing without the id twice, and nothing on a local target', async () => {
  const carryOut = (confirm: string) =>
    recovery('archive', 'carry-out', 'd-1', '--region', 'recovery', '--confirm', confirm, ...as('backup-operator/one'))
  expect(await carryOut('d-2')).toMatchObject({ code: 1, err: expect.stringContaining("--confirm says 'd-2'") })
  expect(await carryOut('d-1')).toMatchObject({ code: 1, err: expect.stringContaining('has no archive') })
})

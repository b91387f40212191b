import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recovery } from './recovery'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'))
})
afterEach(() => rm(folder, { recursive: true }))

const as = (actor: string) => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', actor]
const ask = ['request', 'i-7', '--role', 'restore-operator', '--reference', 'incident-7']

it('asks, approves by another person, opens, and leaves evidence that verifies', async () => {
  expect(await recovery('access', ...ask, ...as('operator/one'))).toMatchObject({
    code: 0,
    out: expect.stringContaining("another person approves it with 'recovery access approve i-7'"),
  })
  expect(await recovery('access', 'approve', 'i-7', ...as('incident-commander/one'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('another person has to answer it'),
  })
  expect(await recovery('access', 'open', 'i-7', ...as('operator/one'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('is pending'),
  })
  expect(await recovery('access', 'approve', 'i-7', ...as('incident-commander/two'))).toMatchObject({
    code: 0,
    out: 'i-7 is approved\n',
  })
  const opened = await recovery('access', 'open', 'i-7', ...as('operator/one'), '--json')
  expect(JSON.parse(opened.out)).toEqual({ expiresAt: expect.any(String) })
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
})

it('declines, and says so ever after', async () => {
  await recovery('access', ...ask, ...as('operator/one'))
  await recovery('access', 'decline', 'i-7', ...as('incident-commander/two'))
  expect(await recovery('access', 'status', 'i-7', ...as('operator/one'))).toMatchObject({
    code: 0,
    out: expect.stringContaining('i-7: restore-operator is declined'),
  })
})

it.each([
  ['a role that people hold by themselves', ['request', 'x', '--role', 'operator', '--reference', 'i'], 'is invalid'],
  [
    'free text as a reference',
    ['request', 'x', '--role', 'restore-operator', '--reference', 'the patient'],
    'no free text',
  ],
  ['what nobody asked for', ['status', 'x'], 'nobody asked'],
])('refuses %s', async (_, args, said) => {
  const { code, err } = await recovery('access', ...args, ...as('operator/one'))
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
})

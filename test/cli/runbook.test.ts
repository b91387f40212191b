import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recovery } from './recovery'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-'))
})
afterEach(() => rm(folder, { recursive: true }))

const as = (actor: string) => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', actor]
const start = [
  'start',
  'region-failover',
  '--id',
  'r-1',
  '--mode',
  'real',
  '--incident',
  'i-7',
  '--reason',
  'REGION_LOST',
]
const decide = ['r-1', '--step', 'decide']

it('starts a run, says what it asks, takes the answer of another person, and leaves evidence that verifies', async () => {
  expect(await recovery('runbook', ...start, ...as('operator/one'))).toMatchObject({
    code: 0,
    out: expect.stringContaining("'recovery runbook status r-1'"),
  })
  expect((await recovery('runbook', 'status', 'r-1', ...as('operator/one'))).out).toMatch(
    /step decide asks: Fail over from sa-east-1 to eu-west-1\?\nanother person answers with 'recovery runbook approve r-1 --step decide' until /,
  )
  expect(await recovery('runbook', 'approve', ...decide, ...as('incident-commander/one'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('another person has to answer it'),
  })
  expect(await recovery('runbook', 'approve', ...decide, ...as('incident-commander/two'))).toMatchObject({
    code: 0,
    out: 'step decide of r-1 is approved\n',
  })
  const status = await recovery('runbook', 'status', 'r-1', ...as('operator/one'), '--json')
  expect(JSON.parse(status.out)).toMatchObject({ waitsFor: { step: 'decide', decision: 'approved' } })
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
})

it('declines, and says so ever after', async () => {
  await recovery('runbook', ...start, ...as('operator/one'))
  await recovery('runbook', 'decline', ...decide, ...as('incident-commander/two'))
  expect((await recovery('runbook', 'status', 'r-1', ...as('operator/one'))).out).toContain('it is declined')
})

it.each([
  ['a runbook that no machine executes', ['start', 'moon', ...start.slice(2)], 'Allowed choices'],
  ['a mode that only the local world has', [...start.slice(0, 5), 'drill', ...start.slice(6)], 'Allowed choices'],
  ['a reason in words', [...start.slice(0, -1), 'the region is gone'], 'the call is of no form'],
  [
    'two moments to restore to',
    [...start, '--at', '2026-11-28T10:00:00Z', '--before-marker', 'release-7'],
    'name one of',
  ],
  [
    'a time without its offset',
    ['start', 'point-in-time-recovery', ...start.slice(2), '--at', '2026-11-28T10:00:00'],
    'the call is of no form',
  ],
  ['a recovery to no moment', ['start', 'point-in-time-recovery', ...start.slice(2)], 'nothing is named to return to'],
  ['a run that nobody started', ['status', 'r-9'], 'no run was started'],
])('refuses %s', async (_, args, said) => {
  const { code, err } = await recovery('runbook', ...args, ...as('operator/one'))
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
})

it('lists no incident where none is open, and closes none that is unknown', async () => {
  expect(await recovery('incident', 'list', ...as('operator/one'))).toMatchObject({
    code: 0,
    out: 'no incident is open\n',
  })
  const close = ['incident', 'close', 'i-7', '--cause', 'NETWORK_CUT'] as const
  expect(await recovery(...close, ...as('operator/one'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('may not close-incidents'),
  })
  expect(await recovery(...close, ...as('incident-commander/two'))).toMatchObject({
    code: 1,
    err: expect.stringContaining("no incident 'i-7'"),
  })
})

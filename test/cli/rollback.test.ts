import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recovery, startRecovery } from './recovery'
import { digestIn, useStandingWorld } from './standing'

const REASON = 'Critical bug causing data corruption'

const standing = useStandingWorld()
const { run, start, stores } = standing
const rollback = (...args: string[]) => run('rollback', 'production', REASON, 'full', ...args)
const answer = (word: 'approve' | 'decline', id: string) =>
  run(word, id, '--step', 'approve', '--environment', 'production', '--as', 'incident-commander/two')

it.each([
  ['an environment that is none', ['moon', REASON, 'full'], 'Allowed choices are production, staging, test'],
  ['one that the world does not stand for', ['staging', REASON, 'full'], "stands for 'production', not for 'staging'"],
  ['an empty reason', ['production', '  ', 'full'], 'the reason is empty'],
  ['a number of a person', ['production', 'CPF 111.444.777-35 is wrong', 'full'], 'seems to hold data of a person'],
  ['a type that is none', ['production', REASON, 'half'], 'Allowed choices are full, partial, config-only'],
  [
    'a component that is none',
    ['production', REASON, 'partial', '--component', 'moon'],
    "no component is named 'moon'",
  ],
  ['a component of a full one', ['production', REASON, 'full', '--component', 'api'], 'for a partial rollback alone'],
  ['a release that is none', ['production', REASON, 'full', '--to', '99'], 'no release 99 is on record'],
  ['a release that is no number', ['production', REASON, 'full', '--to', 'v1'], 'the number of a release'],
])(
  'refuses %s, and says so',
  async (_, args, said) => {
    const ended = await run('rollback', ...args)
    expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringContaining(said) })
    // What was refused is shown to whoever typed it, and never with what the reason held.
    expect(ended.err).not.toContain('111.444.777-35')
  },
  60_000,
)

it('needs a place to act in', async () => {
  const ended = await startRecovery(standing.folder, ['rollback', 'production', REASON, 'full'], {
    environment: { RECOVERY_TARGET: '' },
  }).ended
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('--target') })
}, 60_000)

it('says how to start a world where none stands', async () => {
  const ended = await recovery(
    'rollback',
    'production',
    REASON,
    'full',
    '--target',
    'local',
    '--folder',
    join(standing.folder, 'no'),
  )
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('recovery world up') })
}, 60_000)

it('shows, refuses, stops, resumes and puts back, and leaves the platform as it was or as the plan says', async () => {
  const healthy = await standing.inForce()
  expect(await rollback()).toMatchObject({ code: 1, err: expect.stringContaining('no healthy release is on record') })

  await run('world', 'deploy', 'v1.5.0')
  const bad = await standing.inForce()
  expect(bad).not.toEqual(healthy)

  // Looked at, and nothing else.
  expect(await run('rollback', 'test', REASON, 'full')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing was changed: this is a dry run.'),
  })
  const shown = await rollback()
  expect(shown).toMatchObject({ code: 3, out: expect.stringContaining('to carry it out, add --apply') })
  expect(await standing.runs()).toEqual([])
  const digest = digestIn(shown)
  const stale = (digest.startsWith('0') ? '1' : '0') + digest.slice(1)
  for (const [wrong, said] of [
    [stale, 'not as it was planned on'],
    ['x', 'no digest of a plan'],
  ] as const)
    expect(await rollback('--apply', wrong)).toMatchObject({ code: 1, err: expect.stringContaining(said) })

  // Somebody else is at it.
  const lease = 'leases/rollback-production'
  await stores().recovery.create(lease, { owner: 'another-run', until: '2999-01-01T00:00:00.000Z' })
  expect(await rollback('--apply', digest, '--critical')).toMatchObject({
    code: 1,
    out: expect.stringContaining('stopped by ROLLBACK_UNDER_WAY in lease'),
  })
  await standing.rewrite(lease, (held) => ({ ...held, until: '2000-01-01T00:00:00.000Z' }))

  // A second person says no; and another time says nothing.
  for (const [end, code] of [
    ['decline', 'DECLINED'],
    ['expire', 'EXPIRED'],
  ] as const) {
    const before = await standing.runs()
    const asking = start('rollback', 'production', REASON, 'full', '--apply', digest)
    await asking.said('another person answers')
    const id = await standing.newRun(before)
    if (end === 'decline') await answer('decline', id)
    else
      await standing.rewrite(`approvals/${id}/approve/approval`, (held) => ({
        ...held,
        expiresAt: '2000-01-01T00:00:00.000Z',
      }))
    expect(await asking.ended).toMatchObject({ code: 1, out: expect.stringContaining(code) })
  }
  expect(await standing.inForce()).toEqual(bad)

  // The schema's way back is broken: what was put back before it goes forward again.
  const migrations = join(standing.world!.platform, 'migrations')
  const [channel] = (await readdir(migrations)).filter((name) => name.includes('channel') && name.startsWith('0002'))
  const down = join(migrations, channel!, 'down.sql')
  const way = await readFile(down, 'utf8')
  await writeFile(down, `${way}; select no_such_function();`)
  const half = await rollback('--apply', digest, '--critical')
  expect(half).toMatchObject({ code: 1, out: expect.stringContaining('in put-back') })
  expect(half.out).toMatch(/put-back: /)
  expect(await standing.inForce()).toEqual(bad)
  await writeFile(down, way)

  // Killed in the middle, and started again.
  const killed = start('rollback', 'production', REASON, 'full', '--apply', digest, '--critical')
  await killed.said('Put back each component')
  killed.child.kill('SIGKILL')
  await killed.ended
  const resumed = await rollback('--apply', digest, '--critical')
  expect([resumed.code, resumed.err]).toEqual([0, expect.any(String)])
  expect(resumed.out).toMatch(/everything serves again after .* recorded as release 3/)
  expect(resumed.out).toMatch(/rows of clinic\.invoices are kept in neonpro_migrations\.kept_invoice_channel/)
  expect(await standing.inForce()).toEqual(healthy)
  const report = /report: (.*)/.exec(resumed.out)![1]!
  expect(await readFile(join(standing.folder, report), 'utf8')).toContain('O que foi revertido')

  // The words are with the incident, and nowhere else.
  const incidents: string[] = []
  for await (const { value } of stores().recovery.list('incidents/')) incidents.push(JSON.stringify(value))
  expect(incidents.join()).toContain(REASON)
  const evidence = join(standing.folder, '.recovery', 'evidence')
  for (const name of await readdir(evidence, { recursive: true })) {
    const text = await readFile(join(evidence, name), 'utf8').catch(() => '')
    expect(text).not.toContain(REASON)
  }
  expect(await run('evidence', 'verify')).toMatchObject({ code: 0 })

  // And back, since a rollback can be rolled back: approved by another person, who is asked once. The baseline does not know
  // the columns of the newer schema, so that the data is not judged completely, which is told.
  const before = await standing.runs()
  const again = await rollback('--to', '2')
  const asking = start('rollback', 'production', REASON, 'full', '--to', '2', '--apply', digestIn(again))
  await asking.said('another person answers')
  const id = await standing.newRun(before)
  await answer('approve', id)
  const back = await asking.ended
  expect([back.code, back.err.match(/another person answers/g)]).toEqual([2, ['another person answers']])
  expect(await standing.inForce()).toEqual(bad)
}, 600_000)

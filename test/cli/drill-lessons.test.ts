import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../../adapters/memory/clock'
import { withRecoveryRegion } from '../../core/policy'
import { openDrillEvidence } from '../../drills/drill-evidence'
import { resolvePolicy } from '../../policy'
import { recovery } from './recovery'

const DAY_MS = 86_400_000
const policy = withRecoveryRegion(resolvePolicy('production'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lessons-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A drill that was held so many days ago, and the file that it left. */
async function drillHeld(drill: string, held: { daysAgo?: number; verdict?: 'pass' | 'fail' } = {}): Promise<string> {
  const { daysAgo = 0, verdict = 'pass' } = held
  const clock = new VirtualClock(new Date(Date.now() - daysAgo * DAY_MS))
  const evidence = await openDrillEvidence(folder, policy.topology.regions.recovery, policy, clock)
  const { template } = evidence.lessons(drill)
  await evidence.record(verdict, [], {
    key: drill,
    subject: 'regional-outage',
    startedAt: clock.now().toISOString(),
    measurements: { run: drill },
    artefacts: [],
    controls: [],
  })
  return template
}

const FILLED = {
  wentWell: ['the replica took over within the objective'],
  didNotGoWell: ['the alarm reached the owner late'],
  actions: [{ action: 'page the second level after ten minutes', owner: 'DevOps Lead', dueOn: '2099-01-31' }],
}

async function filled(drill: string, change: object = {}): Promise<string> {
  const file = join(folder, 'filled.json')
  await writeFile(file, JSON.stringify({ drill, ...FILLED, ...change }))
  return file
}

const close = (drill: string, lessons: string) =>
  recovery('drill', 'close', drill, '--folder', folder, '--lessons', lessons, '--as', 'Compliance Officer/first')
const open = () => recovery('drill', 'open', '--folder', folder)
const tasks = () =>
  recovery('calendar', 'tasks', '--target', 'local', '--environment', 'production', '--folder', folder, '--as', 'a/b')

it('keeps a drill open until its lessons are recorded, in the list and in the calendar', async () => {
  await drillHeld('drill-1')
  await drillHeld('drill-2', { daysAgo: 3 })
  const before = await open()
  expect(before).toMatchObject({ code: 0, out: expect.stringContaining('2 of 2 drills are open') })
  expect(before.out).toContain('open drill-2: regional-outage, succeeded, 3 days old')
  expect((await tasks()).out).toContain('lessons-drill-1')

  expect(await close('drill-1', await filled('drill-1'))).toMatchObject({ code: 0, err: '' })
  const after = await open()
  expect(after.out).toContain('1 of 2 drills are open')
  expect(after.out).not.toContain('drill-1:')
  expect((await tasks()).out).not.toContain('lessons-drill-1')
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
})

it('counts a drill as overdue once its day is over, and its task too', async () => {
  await drillHeld('drill-1', { daysAgo: policy.calendar.onceDays.lessonsLearned + 1 })
  expect(await open()).toMatchObject({ code: 1, out: expect.stringContaining('overdue drill-1') })
  expect(await tasks()).toMatchObject({ code: 1, out: expect.stringMatching(/overdue lessons-drill-1/) })
})

it('stores lessons once: the same again change nothing, and others are refused', async () => {
  await drillHeld('drill-1')
  const first = await close('drill-1', await filled('drill-1'))
  expect(first.code).toBe(0)
  expect(await close('drill-1', await filled('drill-1'))).toEqual(first)
  const other = await close('drill-1', await filled('drill-1', { wentWell: ['nothing at all'] }))
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('closed with other lessons') })
  const stored = await readFile(join(folder, 'lessons', 'drill-1.json'), 'utf8')
  expect(JSON.parse(stored)).toEqual({ drill: 'drill-1', ...FILLED })
})

it('does not take the template for lessons', async () => {
  const template = await drillHeld('drill-1')
  const text = JSON.parse(await readFile(template, 'utf8')) as { help: Record<string, string[]> }
  expect(text.help['pt-BR']?.join(' ')).toContain('Preencha todos os textos vazios')
  expect(await close('drill-1', template)).toMatchObject({
    code: 1,
    err: expect.stringContaining('the lessons are not filled in: wentWell.0'),
  })
})

it('takes the template once it is filled in, help and all', async () => {
  const template = await drillHeld('drill-1')
  const text = JSON.parse(await readFile(template, 'utf8')) as object
  await writeFile(template, JSON.stringify({ ...text, ...FILLED }))
  expect((await close('drill-1', template)).code).toBe(0)
})

it.each([
  ['that name a person', { wentWell: ['ana@example.org answered at once'] }, 'an e-mail address'],
  ['that hold a CPF', { didNotGoWell: ['the record 529.982.247-25 was missing'] }, 'a formatted CPF'],
  ['of another drill', { drill: 'drill-9' }, "are of 'drill-9'"],
  ['whose action belongs to nobody', { actions: [{ ...FILLED.actions[0], owner: 'the intern' }] }, 'no contact has'],
  ['that do nothing about what went badly', { actions: [] }, 'needs an action'],
  ['without a day', { actions: [{ ...FILLED.actions[0], dueOn: 'soon' }] }, 'actions.0.dueOn'],
])('refuses lessons %s, and the drill stays open', async (_, change, said) => {
  await drillHeld('drill-1')
  const refused = await close('drill-1', await filled('drill-1', change))
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(said) })
  for (const secret of ['ana@example.org', '529.982.247-25']) expect(refused.err).not.toContain(secret)
  expect((await open()).out).toContain('1 of 1 drills are open')
})

it('wants to know of a drill that failed what did not go well', async () => {
  await drillHeld('drill-1', { verdict: 'fail' })
  const good = await filled('drill-1', { didNotGoWell: [], actions: [] })
  expect(await close('drill-1', good)).toMatchObject({ code: 1, err: expect.stringContaining('failed; say under') })
})

it.each([
  ['a drill that never took place', 'drill-7', 'there is no evidence of'],
  ['a file that is not there', 'drill-1', 'cannot be read'],
])('refuses %s', async (_, drill, said) => {
  await drillHeld('drill-1')
  const file = drill === 'drill-1' ? join(folder, 'nowhere.json') : await filled(drill)
  expect(await close(drill, file)).toMatchObject({ code: 1, err: expect.stringContaining(said) })
})

it('takes no broken evidence for closed drills', async () => {
  await drillHeld('drill-1')
  const { region } = { region: policy.topology.regions.recovery }
  await writeFile(join(folder, 'evidence', 'records', region, 'drill', '000000000001'), '{}')
  expect(await open()).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read') })
})

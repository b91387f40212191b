import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localActor, localOperator } from '../../adapters/local/operator'
import { taskKey } from '../../core/calendar/task'
import { resolvePolicy } from '../../policy'
import { recovery } from './recovery'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calendar-'))
})
afterEach(() => rm(folder, { recursive: true }))

const where = () => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', 'DevOps Lead/first']
const dueAt = new Date(Date.now() - 40 * 86_400_000)
const task = `compliance-audit-${dueAt.toISOString().slice(0, 10)}`

async function openTask() {
  const { places } = await localOperator(folder, resolvePolicy('test'), localActor('DevOps Lead/first')!)
  await places.recovery.create(taskKey(task), {
    activity: 'compliance-audit',
    dueAt: dueAt.toISOString(),
    owner: 'Compliance Officer',
  })
}

it('says that nothing is due where nothing is', async () => {
  expect(await recovery('calendar', 'tasks', ...where())).toMatchObject({ code: 0, out: 'nothing is due\n' })
})

it('fails while something is overdue, until somebody attests it, with evidence that verifies', async () => {
  await openTask()
  const late = await recovery('calendar', 'tasks', ...where())
  expect(late).toMatchObject({ code: 1, out: expect.stringContaining(`overdue ${task}`) })
  const attested = await recovery('calendar', 'attest', task, ...where(), '--outcome', 'done', '--reference', 'AUDIT-7')
  expect(attested).toMatchObject({ code: 0, out: `attested ${task}: done, see AUDIT-7\n` })
  const all = await recovery('calendar', 'tasks', ...where(), '--all', '--json')
  expect(JSON.parse(all.out)).toMatchObject({
    tasks: [{ task, overdue: false, attested: { role: 'DevOps Lead', outcome: 'done', reference: 'AUDIT-7' } }],
  })
  expect(all.out).not.toContain('first')
  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
})

it('refuses a reference that looks like personal data, and loses nothing', async () => {
  await openTask()
  const refused = await recovery(
    'calendar',
    'attest',
    task,
    ...where(),
    '--outcome',
    'done',
    '--reference',
    'see a.person@example.org',
  )
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('an e-mail address') })
  const { out } = await recovery('calendar', 'tasks', ...where(), '--json')
  expect(JSON.parse(out).tasks[0].attested).toBeUndefined()
})

it.each([
  [
    'an unknown task',
    ['attest', 'spring-cleaning-2026-11-01', '--outcome', 'done', '--reference', 'x'],
    'there is no task',
  ],
  [
    'an unknown outcome',
    ['attest', 'x-2026-11-01', '--outcome', 'fine', '--reference', 'x'],
    "argument 'fine' is invalid",
  ],
])('refuses %s', async (_, args, said) => {
  const { code, err } = await recovery('calendar', ...args, ...where())
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
})

it.each([
  ['no target', ['--environment', 'test', '--as', 'a/b'], '--target'],
  ['no environment', ['--target', 'local', '--as', 'a/b'], '--environment'],
  ['nobody who acts', ['--target', 'local', '--environment', 'test'], 'nobody is named'],
  ['an actor without a role', ['--target', 'local', '--environment', 'test', '--as', 'first'], "'first' names no role"],
])('refuses %s', async (_, args, said) => {
  const { code, err } = await recovery('calendar', 'tasks', ...args, '--folder', folder)
  expect([code, err]).toEqual([1, expect.stringContaining(said)])
})

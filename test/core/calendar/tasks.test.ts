import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { attest, type Attestation } from '../../../core/calendar/attest'
import { openOnce } from '../../../core/calendar/once'
import { overdue } from '../../../core/calendar/overdue'
import { taskKey, tasks, type Task } from '../../../core/calendar/task'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const MONTHLY = policy.calendar.activities.find(
  ({ cadence, performedBy }) => cadence === 'monthly' && performedBy.kind === 'human',
)!
const CONTINUOUS = policy.calendar.activities.find(({ performedBy }) => performedBy.kind === 'continuous')!
const id = `${MONTHLY.id}-2026-11-01`
const open: Task = { activity: MONTHLY.id, dueAt: '2026-11-01T12:00:00.000Z', owner: MONTHLY.owner }
const hoursAfter = (hours: number) => new Date(Date.parse(open.dueAt) + hours * 3_600_000)
const REVIEWER = { role: 'auditor', person: 'a1b2c3d4e5f6' }

async function calendar(now = '2026-11-05T12:00:00.000Z') {
  const recorder = new Recorder()
  const stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const drafts = new Map<string, EvidenceDraft>()
  const world = {
    policy,
    places: {
      recovery: recorder.watch<ConditionalStore>('recovery', stores.recovery),
      witness: recorder.watch<ConditionalStore>('witness', stores.witness),
    },
    evidence: recorder.watch('evidence', {
      append: async (draft: EvidenceDraft) => (drafts.set(draft.key, draft), { id: draft.key, sequence: 0, hash: 'f' }),
    }),
    clock: new VirtualClock(new Date(now)),
    actor: REVIEWER,
  }
  await stores.recovery.create(taskKey(id), open)
  return { world, recorder, stores, drafts }
}
const done: Attestation = { task: id, outcome: 'done', reference: 'DRILL-17' }

it('is overdue when its grace has passed without a word, and not before', () => {
  const known = new Map([[id, open]])
  const grace = policy.calendar.graceHours.monthly
  expect(overdue(policy, known, hoursAfter(grace))).toEqual([])
  expect(overdue(policy, known, new Date(hoursAfter(grace).getTime() + 1))).toEqual([
    { task: id, activity: MONTHLY.id, owner: MONTHLY.owner, dueAt: open.dueAt, why: 'unattested' },
  ])
})

it('is no longer overdue once somebody attested it', async () => {
  const { world } = await calendar('2026-11-20T12:00:00.000Z')
  const now = world.clock.now()
  expect(overdue(policy, await tasks(world.places, now), now)).toHaveLength(1)
  await attest(world, done)
  expect(overdue(policy, await tasks(world.places, now), now)).toEqual([])
})

it('misses a time that nothing asked for, once the calendar has begun', () => {
  const known = new Map([[id, { ...open, attested: undefined }]])
  const after = new Date('2026-12-01T15:00:00.000Z')
  const never = overdue(policy, known, after).filter(({ why }) => why === 'never-opened')
  expect(never).toEqual([
    expect.objectContaining({ task: `${MONTHLY.id}-2026-12-01`, dueAt: '2026-12-01T12:00:00.000Z' }),
  ])
  expect(overdue(policy, new Map(), after)).toEqual([])
  // Two hours are given to a schedule that goes on trying.
  const within = new Date('2026-12-01T13:59:00.000Z')
  expect(overdue(policy, known, within).filter(({ why }) => why === 'never-opened')).toEqual([])
})

it('expects nobody to attest what runs by itself', () => {
  const known = new Map([[`${CONTINUOUS.id}-2026-01-01`, { ...open, activity: CONTINUOUS.id }]])
  expect(overdue(policy, known, new Date('2026-12-20T12:00:00.000Z'))).toEqual([])
})

it('keeps who attested, in which role, with evidence, and tells one person from another by a hash alone', async () => {
  const { world, stores, drafts } = await calendar()
  await attest(world, done)
  const attested = { at: '2026-11-05T12:00:00.000Z', ...REVIEWER, outcome: 'done', reference: 'DRILL-17' }
  expect((await stores.recovery.get(taskKey(id)))?.value).toEqual({ ...open, attested })
  expect([...drafts.values()]).toEqual([
    expect.objectContaining({ kind: 'activity-attested', outcome: 'succeeded', actor: 'person-a1b2c3d4e5f6' }),
  ])
})

it.each(['done-with-findings', 'not-done'] as const)('never records %s as a success', async (outcome) => {
  const { world, drafts } = await calendar()
  await attest(world, { ...done, outcome })
  expect([...drafts.values()].map((draft) => draft.outcome)).toEqual(['failed'])
})

it('attests once: the same words change nothing, other words or another person are refused', async () => {
  const { world, drafts } = await calendar()
  const first = await attest(world, done)
  await world.clock.sleep(86_400_000)
  expect(await attest(world, done)).toEqual(first)
  expect(drafts.size).toBe(1)
  await expect(attest(world, { ...done, outcome: 'not-done' })).rejects.toMatchObject({ code: 'TASK_ATTESTED' })
  const other = { ...world, actor: { ...REVIEWER, person: 'ffffffffffff' } }
  await expect(attest(other, done)).rejects.toMatchObject({ failure: 'conflict', code: 'TASK_ATTESTED' })
})

it('refuses what nobody was asked to do', async () => {
  const { world, drafts } = await calendar()
  await expect(attest(world, { ...done, task: 'spring-cleaning-2026-11-01' })).rejects.toMatchObject({
    failure: 'conflict',
    code: 'TASK_UNKNOWN',
  })
  expect(drafts.size).toBe(0)
})

it.each(['evidence.append', 'recovery.replace', 'recovery.get'])(
  'is completed by the next attempt after a failure of %s',
  async (call) => {
    const { world, recorder, stores, drafts } = await calendar()
    let left = 1
    recorder.faultOf = (made) => (made === call && left-- > 0 ? 'denied' : undefined)
    await expect(attest(world, done)).rejects.toMatchObject({ failure: 'denied' })
    await attest(world, done)
    expect(drafts.size).toBe(1)
    expect((await stores.recovery.get(taskKey(id)))?.value).toMatchObject({ attested: { outcome: 'done' } })
  },
)

it('finds what lies in one place only, and lets an attestation in either count', async () => {
  const { world, recorder, stores } = await calendar()
  await stores.witness.create(taskKey(id), open)
  recorder.faultOf = (call) => (call.startsWith('witness.') ? 'unreachable' : undefined)
  await attest(world, done)
  recorder.faultOf = () => undefined
  expect((await tasks(world.places, world.clock.now())).get(id)).toMatchObject({ attested: { outcome: 'done' } })
})

it('reads the last six months and the next two, and no more', async () => {
  const { world, stores } = await calendar()
  const old = `${MONTHLY.id}-2026-05-01`
  await stores.recovery.create(taskKey(old), open)
  const ahead = `${MONTHLY.id}-2027-01-01`
  await stores.recovery.create(taskKey(ahead), open)
  expect([...(await tasks(world.places, new Date('2026-10-31T23:00:00Z'))).keys()]).toEqual([id, old])
  expect([...(await tasks(world.places, world.clock.now())).keys()]).toEqual([ahead, id])
})

it('counts what comes due once from its own day on, without a grace', async () => {
  const { world, stores } = await calendar()
  const dueAt = new Date('2026-11-20T12:00:00.000Z')
  const task = await openOnce(stores.recovery, { activity: 'lessons-of-a-drill', owner: 'DevOps Lead', dueAt })
  await openOnce(stores.recovery, { activity: 'lessons-of-a-drill', owner: 'somebody else', dueAt })
  const known = await tasks(world.places, world.clock.now())
  expect(known.get(task)).toMatchObject({ owner: 'DevOps Lead', once: true })
  const late = (at: number) => overdue(policy, known, new Date(at)).filter((one) => one.task === task)
  expect(late(dueAt.getTime())).toEqual([])
  expect(late(dueAt.getTime() + 1)).toEqual([
    { task, activity: 'lessons-of-a-drill', owner: 'DevOps Lead', dueAt: dueAt.toISOString(), why: 'unattested' },
  ])
  await attest(world, { ...done, task })
  expect(
    overdue(policy, await tasks(world.places, dueAt), new Date(dueAt.getTime() + 1)).map((one) => one.task),
  ).not.toContain(task)
})

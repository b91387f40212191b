import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { MemoryNotifier } from '../../../adapters/memory/notifier'
import { activityDue } from '../../../core/calendar/activity-due'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { ownerAudience, type Notifier } from '../../../core/ports/notifier'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const at = new Date('2026-12-01T12:00:00.000Z')
const activity = (kind: 'human' | 'automatic') =>
  policy.calendar.activities.find(({ performedBy }) => performedBy.kind === kind)!

function calendar() {
  const recorder = new Recorder()
  const stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
  const notifier = new MemoryNotifier(policy.calendar.activities.map(({ owner }) => ownerAudience(owner)))
  const drafts = new Map<string, EvidenceDraft>()
  const world = {
    policy,
    places: {
      recovery: recorder.watch<ConditionalStore>('recovery', stores.recovery),
      witness: recorder.watch<ConditionalStore>('witness', stores.witness),
    },
    notifier: recorder.watch<Notifier>('notifier', notifier),
    evidence: recorder.watch('evidence', {
      append: async (draft: EvidenceDraft) => (drafts.set(draft.key, draft), { id: draft.key, sequence: 0, hash: 'f' }),
    }),
    clock: new VirtualClock(new Date('2026-12-01T12:00:05.000Z')),
  }
  return { world, recorder, stores, notifier, drafts }
}

it('opens a task, tells whoever answers for it, and records that it was due', async () => {
  const { world, stores, notifier, drafts } = calendar()
  const { id, owner, title, part, cadence } = activity('human')
  expect(await activityDue(world, { activity: id, at })).toEqual({ task: `${id}-2026-12-01`, told: true })
  expect((await stores.recovery.get(`tasks/2026-12/${id}-2026-12-01`))?.value).toEqual({
    activity: id,
    dueAt: at.toISOString(),
    owner,
    toldAt: '2026-12-01T12:00:05.000Z',
  })
  expect(notifier.told).toEqual([
    {
      audience: ownerAudience(owner),
      notice: {
        subject: `Due: ${title} (${cadence} ${part})`,
        lines: [`Activity: ${id}`, `Due: ${at.toISOString()}`, `Owner: ${owner}`, 'Carried out by people'],
      },
    },
  ])
  expect([...drafts.values()]).toEqual([expect.objectContaining({ kind: 'activity-due', subject: id })])
})

it('says that people stand in for a function that is not there yet', async () => {
  const { world, notifier } = calendar()
  await activityDue(world, { activity: activity('automatic').id, at })
  expect(notifier.told[0]!.notice.lines.at(-1)).toMatch(
    /^Carried out by the function '[\w-]+' where it is deployed, else by people/,
  )
})

it('is due once for each time, however often it is asked', async () => {
  const { world, notifier, drafts } = calendar()
  const { id } = activity('human')
  await activityDue(world, { activity: id, at })
  expect(await activityDue(world, { activity: id, at })).toMatchObject({ told: false })
  expect([notifier.told.length, drafts.size]).toEqual([1, 1])
  await activityDue(world, { activity: id, at: new Date('2026-12-02T12:00:00.000Z') })
  expect([notifier.told.length, drafts.size]).toEqual([2, 2])
})

it.each(['notifier.notify', 'recovery.replace', 'evidence.append'])(
  'is healed by the next attempt after a failure of %s',
  async (call) => {
    const { world, recorder, notifier, drafts } = calendar()
    const { id } = activity('human')
    let left = 1
    recorder.faultOf = (made) => (made === call && left-- > 0 ? 'denied' : undefined)
    await expect(activityDue(world, { activity: id, at })).rejects.toMatchObject({ failure: 'denied' })
    await activityDue(world, { activity: id, at })
    expect(notifier.told.length).toBeGreaterThan(0)
    expect(drafts.size).toBe(1)
  },
)

it('keeps its tasks in the witness while the recovery region does not answer', async () => {
  const { world, recorder, stores } = calendar()
  const { id } = activity('human')
  recorder.faultOf = (call) => (call.startsWith('recovery.') ? 'unreachable' : undefined)
  await activityDue(world, { activity: id, at })
  expect(await stores.witness.get(`tasks/2026-12/${id}-2026-12-01`)).toBeDefined()
})

it('refuses an activity that the calendar does not have', async () => {
  const { world, drafts } = calendar()
  await expect(activityDue(world, { activity: 'spring-cleaning', at })).rejects.toMatchObject({
    failure: 'invalid',
    code: 'ACTIVITY_UNKNOWN',
  })
  expect(drafts.size).toBe(0)
})

it('tells nobody of a task that it cannot read', async () => {
  const { world, stores, notifier } = calendar()
  const { id } = activity('human')
  await stores.recovery.create(`tasks/2026-12/${id}-2026-12-01`, 'something else')
  await expect(activityDue(world, { activity: id, at })).rejects.toMatchObject({
    failure: 'invalid',
    code: 'TASK_UNREADABLE',
  })
  expect(notifier.told).toEqual([])
})

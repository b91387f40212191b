import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { RehearsedSessions } from '../../../adapters/memory/elevated-sessions'
import { Recorder } from '../../../adapters/memory/faults'
import {
  answerElevation,
  elevationStatus,
  openElevation,
  requestElevation,
  type ElevationWorld,
} from '../../../core/access/elevation'
import { ELEVATED_ROLES } from '../../../core/access/human-roles'
import type { Actor } from '../../../core/operator'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { ElevatedSessions } from '../../../core/ports/elevated-sessions'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const { requestMinutes, sessionMinutes } = policy.people.elevation
const OPERATOR: Actor = { role: 'operator', person: 'aaaaaaaaaaaa' }
const COMMANDER: Actor = { role: 'incident-commander', person: 'bbbbbbbbbbbb' }
const wanted = { id: 'incident-7', role: 'restore-operator', reference: 'incident/2026-11-24' }
const MINUTE = 60_000

function desk() {
  const recorder = new Recorder()
  const clock = new VirtualClock(new Date('2026-11-24T03:00:00.000Z'))
  const sessions = new RehearsedSessions(clock, ELEVATED_ROLES)
  const drafts = new Map<string, EvidenceDraft>()
  const store = new MemoryConditionalStore()
  const shared = {
    policy,
    clock,
    places: {
      recovery: recorder.watch<ConditionalStore>('recovery', store),
      witness: recorder.watch<ConditionalStore>('witness', new MemoryConditionalStore()),
    },
    evidence: recorder.watch('evidence', {
      append: async (draft: EvidenceDraft) => (drafts.set(draft.key, draft), { id: draft.key, sequence: 0, hash: 'f' }),
    }),
    sessions: recorder.watch<ElevatedSessions>('sessions', sessions),
  }
  const as = (actor: Actor): ElevationWorld => ({ ...shared, actor })
  return { as, clock, recorder, sessions, drafts }
}

it('opens a role for one person, for minutes, after a second person approved it, with evidence of each step', async () => {
  const { as, clock, sessions, drafts } = desk()
  await requestElevation(as(OPERATOR), wanted)
  expect(await answerElevation(as(COMMANDER), wanted.id, true)).toMatchObject({ kind: 'approved' })
  await clock.sleep(5 * MINUTE)
  const session = await openElevation(as(OPERATOR), wanted.id)
  expect(sessions.opened).toEqual([{ role: 'restore-operator', person: OPERATOR.person, minutes: sessionMinutes }])
  expect(session.expiresAt).toBe('2026-11-24T03:35:00.000Z')
  expect([...drafts.values()].map(({ kind, actor }) => [kind, actor])).toEqual([
    ['elevation-requested', 'person-aaaaaaaaaaaa'],
    ['elevation-approved', 'person-bbbbbbbbbbbb'],
    ['elevation-opened', 'person-aaaaaaaaaaaa'],
  ])
})

it.each([
  ['nobody answered', async () => undefined],
  ['it was declined', (world: (actor: Actor) => ElevationWorld) => answerElevation(world(COMMANDER), wanted.id, false)],
])('opens nothing where %s', async (_, answer) => {
  const { as, sessions } = desk()
  await requestElevation(as(OPERATOR), wanted)
  await answer(as)
  await expect(openElevation(as(OPERATOR), wanted.id)).rejects.toMatchObject({ code: 'ELEVATION_NOT_APPROVED' })
  expect(sessions.opened).toEqual([])
})

it('lets nobody approve what he asked for, in whatever role', async () => {
  const { as } = desk()
  await requestElevation(as(OPERATOR), wanted)
  const himself = as({ ...COMMANDER, person: OPERATOR.person })
  await expect(answerElevation(himself, wanted.id, true)).rejects.toMatchObject({ code: 'APPROVAL_BY_REQUESTER' })
})

it.each([
  ['ask', COMMANDER, (world: ElevationWorld) => requestElevation(world, wanted)],
  [
    'approve',
    { role: 'backup-operator', person: 'cccccccccccc' },
    (world: ElevationWorld) => answerElevation(world, wanted.id, true),
  ],
  ['open', { role: 'auditor', person: OPERATOR.person }, (world: ElevationWorld) => openElevation(world, wanted.id)],
  [
    'ask',
    { role: 'some-other-role', person: 'dddddddddddd' },
    (world: ElevationWorld) => requestElevation(world, wanted),
  ],
])('refuses a role that may not %s', async (_, actor, act) => {
  const { as, sessions } = desk()
  await requestElevation(as(OPERATOR), wanted)
  await expect(act(as(actor))).rejects.toMatchObject({ failure: 'denied', code: 'ROLE_MAY_NOT' })
  expect(sessions.opened).toEqual([])
})

it('opens it for nobody but the person who asked', async () => {
  const { as } = desk()
  await requestElevation(as(OPERATOR), wanted)
  await answerElevation(as(COMMANDER), wanted.id, true)
  const other = as({ ...OPERATOR, person: 'cccccccccccc' })
  await expect(openElevation(other, wanted.id)).rejects.toMatchObject({
    failure: 'denied',
    code: 'ELEVATION_OF_ANOTHER',
  })
})

it('takes no approval after its time, and opens nothing that was approved too long ago', async () => {
  const late = desk()
  await requestElevation(late.as(OPERATOR), wanted)
  await late.clock.sleep(requestMinutes * MINUTE)
  await expect(answerElevation(late.as(COMMANDER), wanted.id, true)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
  const old = desk()
  await requestElevation(old.as(OPERATOR), wanted)
  await answerElevation(old.as(COMMANDER), wanted.id, true)
  await old.clock.sleep(requestMinutes * MINUTE)
  await expect(openElevation(old.as(OPERATOR), wanted.id)).rejects.toMatchObject({ code: 'ELEVATION_OVER' })
})

it('gives no more time when it is opened again, and none at all when too little is left', async () => {
  const { as, clock, sessions } = desk()
  await requestElevation(as(OPERATOR), wanted)
  await answerElevation(as(COMMANDER), wanted.id, true)
  await openElevation(as(OPERATOR), wanted.id)
  await clock.sleep(10 * MINUTE)
  await openElevation(as(OPERATOR), wanted.id)
  expect(sessions.opened.map(({ minutes }) => minutes)).toEqual([sessionMinutes, sessionMinutes - 10])
  await clock.sleep(6 * MINUTE)
  await expect(openElevation(as(OPERATOR), wanted.id)).rejects.toMatchObject({ code: 'ELEVATION_OVER' })
})

it.each([
  ['a role that people hold by themselves', { ...wanted, role: 'operator' }, 'ROLE_NOT_ELEVATED'],
  ['the last resort', { ...wanted, role: 'break-glass' }, 'ROLE_NOT_ELEVATED'],
  ['free text', { ...wanted, reference: 'the patient called' }, 'ELEVATION_FORM'],
  ['what looks like a person', { ...wanted, reference: '111.444.777-35' }, 'EVIDENCE_PERSONAL_DATA'],
])('refuses %s, and keeps nothing of it', async (_, request, code) => {
  const { as, recorder, drafts } = desk()
  await expect(requestElevation(as(OPERATOR), request)).rejects.toMatchObject({ failure: 'invalid', code })
  expect([recorder.calls.filter((call) => call.includes('create')), drafts.size]).toEqual([[], 0])
})

it('asks once: the same request changes nothing, another under its id is refused', async () => {
  const { as, clock } = desk()
  const first = await requestElevation(as(OPERATOR), wanted)
  await clock.sleep(MINUTE)
  expect(await requestElevation(as(OPERATOR), wanted)).toEqual(first)
  const another = { ...wanted, role: 'key-administrator' }
  await expect(requestElevation(as(OPERATOR), another)).rejects.toMatchObject({ code: 'ELEVATION_ID_TAKEN' })
  expect(await elevationStatus(as(COMMANDER), wanted.id)).toMatchObject({
    role: 'restore-operator',
    decision: 'pending',
  })
})

it.each(['recovery.create', 'recovery.replace', 'evidence.append', 'sessions.open'])(
  'goes on after a failure of %s, and never opens without a record',
  async (call) => {
    const { as, recorder, drafts, sessions } = desk()
    let left = 1
    recorder.faultOf = (made) => (made === call && left-- > 0 ? 'denied' : undefined)
    const again = async (act: () => Promise<unknown>) => act().catch(() => act())
    await again(() => requestElevation(as(OPERATOR), wanted))
    await again(() => answerElevation(as(COMMANDER), wanted.id, true))
    await again(() => openElevation(as(OPERATOR), wanted.id))
    expect(sessions.opened).toHaveLength(1)
    expect([...drafts.keys()].some((key) => key.includes('/opened/'))).toBe(true)
  },
)

it.each([
  [true, 'approved'],
  [false, 'declined'],
])('keeps the evidence of an answer (%s) whose record failed at first', async (approve, answered) => {
  const { as, recorder, drafts } = desk()
  await requestElevation(as(OPERATOR), wanted)
  recorder.faultOf = (call) => (call === 'evidence.append' ? 'unreachable' : undefined)
  await expect(answerElevation(as(COMMANDER), wanted.id, approve)).rejects.toMatchObject({ failure: 'unreachable' })
  recorder.faultOf = () => undefined
  expect(await answerElevation(as(COMMANDER), wanted.id, approve)).toMatchObject({ kind: answered })
  expect([...drafts.keys()]).toContain(`elevation/${wanted.id}/${answered}/${COMMANDER.person}`)
})

it('opens nothing while no record of it can be left', async () => {
  const { as, recorder, sessions } = desk()
  await requestElevation(as(OPERATOR), wanted)
  await answerElevation(as(COMMANDER), wanted.id, true)
  recorder.faultOf = (call) => (call === 'evidence.append' ? 'unreachable' : undefined)
  await expect(openElevation(as(OPERATOR), wanted.id)).rejects.toMatchObject({ failure: 'unreachable' })
  expect(sessions.opened).toEqual([])
})

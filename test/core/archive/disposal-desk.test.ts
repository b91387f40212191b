import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { answerDisposal, disposalStatus, orderAtDesk } from '../../../core/archive/disposal-desk'
import { decisionOnOrder, readOrder } from '../../../core/archive/disposal-order'
import type { Actor, OperatorWorld } from '../../../core/operator'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const KEEPER: Actor = { role: 'backup-operator', person: 'aaaaaaaaaaaa' }
const member = (person: string): Actor => ({ role: 'records-commission', person })
const [FIRST, SECOND] = [member('bbbbbbbbbbbb'), member('cccccccccccc')]
const wanted = {
  id: 'd-1',
  dataClass: 'phi' as const,
  keys: ['2001/a.parquet', '2001/b.parquet'],
  lastEntryAt: '2001-03-01T00:00:00.000Z',
  commissionReference: 'minutes/2026-11',
}

function desk() {
  const recorder = new Recorder()
  const store = new MemoryConditionalStore()
  const clock = new VirtualClock(new Date('2026-11-24T03:00:00.000Z'))
  const drafts = new Map<string, EvidenceDraft>()
  const as = (actor: Actor): OperatorWorld => ({
    policy,
    clock,
    actor,
    places: {
      recovery: recorder.watch<ConditionalStore>('recovery', store),
      witness: recorder.watch<ConditionalStore>('witness', new MemoryConditionalStore()),
    },
    evidence: recorder.watch('evidence', {
      append: async (draft: EvidenceDraft) => (drafts.set(draft.key, draft), { id: draft.key, sequence: 0, hash: 'f' }),
    }),
  })
  return { as, store, clock, recorder, drafts }
}

it('is approved once two of the commission, who did not order it, said so, each with evidence', async () => {
  const { as, store, clock, drafts } = desk()
  expect(await orderAtDesk(as(KEEPER), wanted)).toEqual({ id: 'd-1', decision: 'pending' })
  expect(await answerDisposal(as(FIRST), 'd-1', true)).toEqual({ kind: 'pending' })
  expect(await answerDisposal(as(SECOND), 'd-1', true)).toMatchObject({ kind: 'approved' })
  // What carries it out reads the same order and the same decision.
  const order = await readOrder(store, 'd-1')
  expect(order).toEqual({ ...wanted, requestedBy: KEEPER.person })
  expect(await decisionOnOrder(store, order, clock.now())).toMatchObject({ kind: 'approved' })
  expect([...drafts.values()].map(({ kind, actor }) => [kind, actor])).toEqual([
    ['disposal-ordered', 'person-aaaaaaaaaaaa'],
    ['disposal-approved', 'person-bbbbbbbbbbbb'],
    ['disposal-approved', 'person-cccccccccccc'],
  ])
  expect(JSON.stringify([...drafts.values()])).not.toContain('parquet')
})

it('is declined for good by one', async () => {
  const { as } = desk()
  await orderAtDesk(as(KEEPER), wanted)
  await answerDisposal(as(FIRST), 'd-1', false)
  await expect(answerDisposal(as(SECOND), 'd-1', true)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
  expect(await disposalStatus(as(KEEPER), 'd-1')).toEqual({ id: 'd-1', decision: 'declined' })
})

it('takes no person twice, and not the one who ordered it in another role', async () => {
  const { as } = desk()
  await orderAtDesk(as(KEEPER), wanted)
  await answerDisposal(as(FIRST), 'd-1', true)
  expect(await answerDisposal(as(FIRST), 'd-1', true)).toEqual({ kind: 'pending' })
  await expect(answerDisposal(as(member(KEEPER.person)), 'd-1', true)).rejects.toMatchObject({
    code: 'APPROVAL_BY_REQUESTER',
  })
  expect(await disposalStatus(as(KEEPER), 'd-1')).toMatchObject({ decision: 'pending' })
})

it.each(['recovery.replace', 'evidence.append'])(
  'keeps the evidence of an answer whose first attempt failed at %s',
  async (call) => {
    const { as, recorder, drafts } = desk()
    await orderAtDesk(as(KEEPER), wanted)
    for (const one of [FIRST, SECOND]) {
      recorder.faultOf = (made) => (made === call ? 'denied' : undefined)
      await expect(answerDisposal(as(one), 'd-1', true)).rejects.toMatchObject({ failure: 'denied' })
      recorder.faultOf = () => undefined
      await answerDisposal(as(one), 'd-1', true)
    }
    expect(await disposalStatus(as(KEEPER), 'd-1')).toMatchObject({ decision: 'approved' })
    for (const { person } of [FIRST, SECOND]) expect([...drafts.keys()]).toContain(`disposal-approved/d-1/${person}`)
  },
)

it.each([
  ['order', FIRST, (world: OperatorWorld) => orderAtDesk(world, { ...wanted, id: 'd-2' })],
  ['approve', KEEPER, (world: OperatorWorld) => answerDisposal(world, 'd-1', true)],
  [
    'approve',
    { role: 'incident-commander', person: 'dddddddddddd' },
    (world: OperatorWorld) => answerDisposal(world, 'd-1', true),
  ],
])('refuses a role that may not %s', async (_, actor, act) => {
  const { as } = desk()
  await orderAtDesk(as(KEEPER), wanted)
  await expect(act(as(actor))).rejects.toMatchObject({ failure: 'denied', code: 'ROLE_MAY_NOT' })
})

it.each([
  ['no object', { ...wanted, keys: [] }, 'DISPOSAL_FORM'],
  ['no day', { ...wanted, lastEntryAt: 'long ago' }, 'DISPOSAL_FORM'],
  ['a person in its reference', { ...wanted, commissionReference: 'a.person@example.org' }, 'EVIDENCE_PERSONAL_DATA'],
])('refuses an order with %s, and keeps nothing of it', async (_, order, code) => {
  const { as, recorder } = desk()
  await expect(orderAtDesk(as(KEEPER), order)).rejects.toMatchObject({ failure: 'invalid', code })
  expect(recorder.calls).toEqual([])
})

it('is approved for exactly what was ordered: another order under the id is refused', async () => {
  const { as } = desk()
  await orderAtDesk(as(KEEPER), wanted)
  await expect(orderAtDesk(as(KEEPER), { ...wanted, keys: ['2026/c.parquet'] })).rejects.toMatchObject({
    failure: 'conflict',
    code: 'DISPOSAL_ID_TAKEN',
  })
  expect(await orderAtDesk(as(KEEPER), wanted)).toEqual({ id: 'd-1', decision: 'pending' })
})

it('expires after the days of the policy', async () => {
  const { as, clock } = desk()
  await orderAtDesk(as(KEEPER), wanted)
  await answerDisposal(as(FIRST), 'd-1', true)
  await clock.sleep(policy.archive.disposal.approvalDays * 86_400_000)
  await expect(answerDisposal(as(SECOND), 'd-1', true)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
})

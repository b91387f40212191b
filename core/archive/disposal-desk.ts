import { demand } from '../access/demand'
import type { Decision } from '../coordination/approvals'
import { contentHash } from '../evidence/hash'
import { screenDraft } from '../evidence/screen'
import type { Actor, OperatorWorld } from '../operator'
import type { EvidenceDraft } from '../ports/evidence-log'
import { answerOrder, decisionOnOrder, orderDisposal, readOrder, type DisposalOrder } from './disposal-order'

/** A disposal as a person orders it: who that is, the desk knows. */
export type WantedDisposal = Omit<DisposalOrder, 'requestedBy'>

/**
 * Records what is to be destroyed and asks two other people. The orders stand in the recovery region, where what carries
 * them out reads them. Throws PortError('denied') for whoever may not order, ('invalid') for what is not in form.
 */
export async function orderAtDesk(
  world: OperatorWorld,
  wanted: WantedDisposal,
): Promise<{ readonly id: string; readonly decision: Decision['kind'] }> {
  const { policy, places, evidence, clock, actor } = world
  demand(actor, 'order-disposals')
  const order = { ...wanted, requestedBy: actor.person }
  const now = clock.now()
  // Before anything is stored: the reference of the commission is written by people.
  const draft = draftOf('ordered', order, actor, now)
  screenDraft({ ...draft, measurements: { ...draft.measurements, commission: wanted.commissionReference } })
  const { approvalDays } = policy.archive.disposal
  await orderDisposal(places.recovery, order, { now, approvalDays })
  await evidence.append(draft)
  return disposalStatus(world, order.id)
}

/** Records the answer of one of the two people who have to approve. Throws PortError('denied') for whoever may not. */
export async function answerDisposal(world: OperatorWorld, id: string, approve: boolean): Promise<Decision> {
  const { places, evidence, clock, actor } = world
  demand(actor, 'approve-disposals')
  const now = clock.now()
  const order = await readOrder(places.recovery, id)
  const decision = await answerOrder(places.recovery, order, { by: actor.person, approve }, now)
  await evidence.append(draftOf(approve ? 'approved' : 'declined', order, actor, now))
  return decision
}

/** How an order stands. */
export async function disposalStatus(
  { places, clock }: OperatorWorld,
  id: string,
): Promise<{ readonly id: string; readonly decision: Decision['kind'] }> {
  const order = await readOrder(places.recovery, id)
  return { id, decision: (await decisionOnOrder(places.recovery, order, clock.now())).kind }
}

const draftOf = (event: string, order: DisposalOrder, actor: Actor, at: Date): EvidenceDraft => ({
  key: `disposal-${event}/${order.id}/${actor.person}`,
  kind: `disposal-${event}`,
  subject: order.id,
  startedAt: at.toISOString(),
  finishedAt: at.toISOString(),
  outcome: event === 'declined' ? 'failed' : 'succeeded',
  measurements: {
    dataClass: order.dataClass,
    objects: order.keys.length,
    orderHash: contentHash(order),
    role: actor.role,
  },
  artefacts: [],
  controls: [],
  actor: `person-${actor.person}`,
})

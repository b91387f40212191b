import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'

/** A question to people, stored until it is decided or its time is over. */
export interface Approval {
  readonly key: string
  readonly kind: 'second-person' | 'attestation'
  readonly question: string
  readonly requestedBy: string
  readonly expiresAt: string
  readonly approvedBy: readonly string[]
  readonly declinedBy?: string
}

export type Decision =
  | { readonly kind: 'pending' }
  | { readonly kind: 'approved'; readonly by: readonly string[] }
  | { readonly kind: 'declined' }
  | { readonly kind: 'expired' }

/** People needed besides the one who asked: one for a second person, two for an attestation. */
const NEEDED = { 'second-person': 1, attestation: 2 } as const

const keyOf = (key: string): string => `approvals/${key}`

/** Asks once, and gives what stands: asked again under the same key, the first question and its expiry. */
export async function requestApproval(
  store: ConditionalStore,
  request: Omit<Approval, 'approvedBy' | 'declinedBy'>,
): Promise<Approval> {
  const asked: Approval = { ...request, approvedBy: [] }
  if ((await store.create(keyOf(request.key), { ...asked })) === 'created') return asked
  return askedUnder(store, request.key)
}

/** What was asked under a key. Throws PortError('conflict') where nothing was. */
export async function askedUnder(store: ConditionalStore, key: string): Promise<Approval> {
  const stored = await store.get(keyOf(key))
  if (!stored) throw new PortError('conflict', 'APPROVAL_NOT_ASKED', `nothing was asked under '${key}'`)
  return stored.value as unknown as Approval
}

/** How a question stands at `now`. An approval that came in time stays one; silence until the expiry is a no. */
export async function decisionOn(store: ConditionalStore, key: string, now: Date): Promise<Decision> {
  return decide(await askedUnder(store, key), now)
}

/**
 * Records one person's answer. The person who asked may not answer, nobody counts twice, and an expired or decided
 * question takes no more answers. An answer that this person gave before changes nothing and is told how the question stands,
 * so that whoever records it can repeat what failed in between. Throws PortError('denied' | 'conflict') with the reason.
 */
export async function answerApproval(
  store: ConditionalStore,
  key: string,
  answer: { readonly by: string; readonly approve: boolean },
  now: Date,
): Promise<Decision> {
  const stored = await store.get(keyOf(key))
  if (!stored) throw new PortError('conflict', 'APPROVAL_NOT_ASKED', `nothing was asked under '${key}'`)
  const approval = stored.value as unknown as Approval
  const standing = decide(approval, now)
  if (isGiven(approval, answer)) return standing
  if (standing.kind !== 'pending')
    throw new PortError('conflict', 'APPROVAL_CLOSED', `the question '${key}' is already ${standing.kind}`)
  if (answer.by === approval.requestedBy)
    throw new PortError(
      'denied',
      'APPROVAL_BY_REQUESTER',
      `'${answer.by}' asked this question; another person has to answer it`,
    )
  if (approval.approvedBy.includes(answer.by))
    throw new PortError(
      'denied',
      'APPROVAL_TWICE',
      `'${answer.by}' has already approved; another person has to decline`,
    )
  const answered: Approval = answer.approve
    ? { ...approval, approvedBy: [...approval.approvedBy, answer.by] }
    : { ...approval, declinedBy: answer.by }
  const written = await store.replace(stored.key, answered as unknown as Json, stored.version)
  if (written === 'stale')
    throw new PortError('unreachable', 'APPROVAL_RACED', `somebody answered '${key}' at the same moment; look again`)
  return decide(answered, now)
}

const isGiven = (
  { approvedBy, declinedBy }: Approval,
  { by, approve }: { readonly by: string; readonly approve: boolean },
): boolean => (approve ? approvedBy.includes(by) : declinedBy === by)

function decide(approval: Approval, now: Date): Decision {
  if (approval.declinedBy) return { kind: 'declined' }
  if (approval.approvedBy.length >= NEEDED[approval.kind]) return { kind: 'approved', by: approval.approvedBy }
  return Date.parse(approval.expiresAt) <= now.getTime() ? { kind: 'expired' } : { kind: 'pending' }
}

import { z } from 'zod'
import { answerApproval, decisionOn, requestApproval, type Decision } from '../coordination/approvals'
import { contentHash } from '../evidence/hash'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'
import { DATA_CLASSES } from './classes'

/** What is to be destroyed, on whose word, and why it may be. No name of a patient: keys, roles and ids. */
export const disposalOrderSchema = z.strictObject({
  id: z.string().regex(/^[\w-]{1,64}$/),
  dataClass: z.enum(DATA_CLASSES),
  keys: z.array(z.string().min(1)).min(1).max(1000),
  /** Newest entry of any record in the objects: from it the years of the class run. */
  lastEntryAt: z.iso.datetime(),
  /** Minutes of the commission that decided on the records (Lei 13.787/2018 art. 3 and 6). */
  commissionReference: z.string().min(1).max(120),
  requestedBy: z.string().min(1),
})

export type DisposalOrder = z.infer<typeof disposalOrderSchema>

const keyOf = (id: string): string => `disposals/${id}`

/** The approval is for exactly this order: a changed order is another question. */
const approvalOf = (order: DisposalOrder): string => `disposal-${order.id}-${contentHash(order).slice(0, 32)}`

/**
 * Records a disposal and asks two people, other than the one who asks, for their approval. The same order again changes
 * nothing; throws PortError('conflict') where another order has the id.
 */
export async function orderDisposal(
  store: ConditionalStore,
  order: DisposalOrder,
  { now, approvalDays }: { readonly now: Date; readonly approvalDays: number },
): Promise<{ readonly approval: string }> {
  const wanted = formOf(order)
  const written = await store.create(keyOf(wanted.id), wanted)
  if (written === 'exists' && approvalOf(await readOrder(store, wanted.id)) !== approvalOf(wanted))
    throw new PortError('conflict', 'DISPOSAL_ID_TAKEN', `another disposal is recorded as '${wanted.id}'; use a new id`)
  await requestApproval(store, {
    key: approvalOf(wanted),
    kind: 'attestation',
    question: `destroy ${wanted.keys.length} archived object(s) of class ${wanted.dataClass} for good, by disposal ${wanted.id}`,
    requestedBy: wanted.requestedBy,
    expiresAt: new Date(now.getTime() + approvalDays * 86_400_000).toISOString(),
  })
  return { approval: approvalOf(wanted) }
}

function formOf(order: DisposalOrder): DisposalOrder {
  const parsed = disposalOrderSchema.safeParse(order)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw new PortError('invalid', 'DISPOSAL_FORM', `the disposal is not in form: ${where}`)
}

/** Records one person's answer. Throws PortError('denied' | 'conflict') with the reason. */
export const answerOrder = (
  store: ConditionalStore,
  order: DisposalOrder,
  answer: { readonly by: string; readonly approve: boolean },
  now: Date,
): Promise<Decision> => answerApproval(store, approvalOf(order), answer, now)

/** The recorded order. Throws PortError('denied') where none is recorded: nothing is destroyed on a spoken word. */
export async function readOrder(store: ConditionalStore, id: string): Promise<DisposalOrder> {
  const parsed = disposalOrderSchema.safeParse((await store.get(keyOf(id)))?.value)
  if (parsed.success && parsed.data.id === id) return parsed.data
  throw new PortError(
    'denied',
    'DISPOSAL_NOT_RECORDED',
    `no disposal is recorded as '${id}'; record it and have it approved`,
  )
}

export const decisionOnOrder = (store: ConditionalStore, order: DisposalOrder, now: Date): Promise<Decision> =>
  decisionOn(store, approvalOf(order), now)

import * as z from 'zod/mini'
import type { ConditionalStore } from '../ports/conditional-store'
import type { CorruptionFindings } from '../runbook/corruption-response'
import type { Json } from '../json'

/** What the keys of examinations begin with in the coordination store of the recovery region. */
export const EXAMINATION_PREFIX = 'examination'

const instance = z.object({ region: z.string(), instance: z.string() })
const lastGood = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('time'), at: z.string() }),
  z.object({ kind: z.literal('transaction'), id: z.string() }),
])

/** The replica beside its source. */
const ofReplica = z.object({
  of: z.literal('replica'),
  at: z.string(),
  /** Whether the source has pages that are not what was written. */
  sourceDamaged: z.boolean(),
  replica: instance,
  /** Of the replica alone. */
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
})
/** Rows that never change, beside what they were. */
const ofContent = z.object({
  of: z.literal('content'),
  at: z.string(),
  damage: z.enum(['page', 'content']),
  lastGood: z.optional(lastGood),
})
/** What was found out when a database was looked at, before anybody asks. */
export type Examination = z.infer<typeof ofReplica> | z.infer<typeof ofContent>

/** Keeps the newest examination of a kind. */
export async function saveExamination(store: ConditionalStore, found: Examination): Promise<void> {
  const key = keyOf(found.of)
  const value: Json = { ...found }
  for (;;) {
    const held = await store.get(key)
    const written = held ? await store.replace(key, value, held.version) : await store.create(key, value)
    if (written === 'created' || written === 'replaced') return
  }
}

/**
 * What is known of a corruption, as far as it was examined not too long ago; undefined where nobody has looked, so that people
 * have to. Damaged pages weigh more than wrong content: they explain it.
 */
export async function examinedCorruption(
  store: ConditionalStore,
  { now, freshHours }: { readonly now: Date; readonly freshHours: number },
): Promise<CorruptionFindings | undefined> {
  const since = now.getTime() - freshHours * 3_600_000
  const fresh = async <Of extends z.ZodMiniType<Examination>>(form: Of, of: Examination['of']) => {
    const found = z.safeParse(form, (await store.get(keyOf(of)))?.value).data
    return found && Date.parse(found.at) >= since ? found : undefined
  }
  const [replica, content] = [await fresh(ofReplica, 'replica'), await fresh(ofContent, 'content')]
  if (!replica && !content) return undefined
  const ofPages = replica?.sourceDamaged === true || content?.damage === 'page'
  return {
    damage: ofPages ? 'page' : 'content',
    copies: replica ? [{ ref: replica.replica, kind: 'replica', verdict: replica.verdict }] : [],
    ...(content?.lastGood && { lastGood: content.lastGood }),
  }
}

const keyOf = (of: Examination['of']): string => `${EXAMINATION_PREFIX}/${of}`

import * as z from 'zod/mini'
import type { ConditionalStore } from '../ports/conditional-store'
import type { Policy } from '../policy'
import type { IntrusionFinding } from '../runbook/isolate-and-recover/input'
import { tooFast, violated, type ChangeSample, type RowChanges } from './deletion-rate'

/** Scope of the last looks in the coordination store of the recovery region. */
export const CHANGE_SAMPLES = 'change-samples'

/** One look at the database that serves a region. */
export interface ChangeLook extends ChangeSample {
  readonly instance: string
}

/** What is no look of ours is compared with nothing, and replaced. */
const keptLook = z.object({
  instance: z.string(),
  atMs: z.number(),
  tables: z.array(z.object({ table: z.string(), deleted: z.number(), rewritten: z.number(), live: z.number() })),
})

/** What two looks say of an attack on the data, by its codes. */
export function changeFindings(
  before: ChangeSample,
  after: ChangeSample,
  { incidentResponse, stores }: Pick<Policy, 'incidentResponse' | 'stores'>,
): readonly IntrusionFinding[] {
  const appendOnly = stores.filter(({ rows }) => rows === 'append-only').map(({ id }) => id)
  return [
    ...(tooFast(before, after, incidentResponse.deletionRate).length > 0 ? (['DELETION_RATE'] as const) : []),
    ...(violated(before, after, appendOnly).length > 0 ? (['APPEND_ONLY_CHANGED'] as const) : []),
  ]
}

export interface WatchedChanges {
  /** `first-look`: there was nothing to compare with, or only looks at another database. */
  readonly outcome: 'first-look' | 'compared'
  readonly findings: readonly IntrusionFinding[]
}

/**
 * Compares a look with the last one of the region and keeps it in its place. Kept after it is judged: whoever dies in between
 * judges a longer time once more. Of two that look at once, one is kept, and either will do.
 */
export async function watchChanges(
  store: ConditionalStore,
  region: string,
  look: ChangeLook,
  policy: Pick<Policy, 'incidentResponse' | 'stores'>,
): Promise<WatchedChanges> {
  const key = `${CHANGE_SAMPLES}/${region}`
  const held = await store.get(key)
  const before = z.safeParse(keptLook, held?.value).data
  const comparable = before?.instance === look.instance ? before : undefined
  const findings = comparable ? changeFindings(comparable, look, policy) : []
  const value = { instance: look.instance, atMs: look.atMs, tables: look.tables.map(inJson) }
  await (held ? store.replace(key, value, held.version) : store.create(key, value))
  return { outcome: comparable ? 'compared' : 'first-look', findings }
}

const inJson = ({ table, deleted, rewritten, live }: RowChanges) => ({ table, deleted, rewritten, live })

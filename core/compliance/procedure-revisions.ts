import { z } from 'zod'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'

/** What a violation added to the procedure: where, why, and by which run. Ids and codes only. */
export const revisionSchema = z.strictObject({
  /** Counts from 1 within a version of the procedure. */
  number: z.int().positive(),
  /** Version of the written procedure that it adds to. */
  version: z.string(),
  section: z.string(),
  /** Codes of what was found. */
  findings: z.array(z.string()).min(1),
  run: z.string(),
  at: z.iso.datetime(),
})
export type ProcedureRevision = z.infer<typeof revisionSchema>

const prefixOf = (version: string): string => `procedure-revisions/${version}/`
const keyOf = (version: string, number: number): string => prefixOf(version) + String(number).padStart(6, '0')

/**
 * Appends a revision and gives it with its number; asked again for the same run and section, the one that stands. Throws
 * PortError('unreachable') where another run took the number at the same moment.
 */
export async function appendRevision(
  store: ConditionalStore,
  wanted: Omit<ProcedureRevision, 'number'>,
): Promise<ProcedureRevision> {
  const known = await readRevisions(store, wanted.version)
  const standing = known.find(({ run, section }) => run === wanted.run && section === wanted.section)
  if (standing) return standing
  const revision = { ...wanted, number: known.length + 1 }
  if ((await store.create(keyOf(wanted.version, revision.number), revision)) === 'created') return revision
  throw new PortError(
    'unreachable',
    'REVISION_RACED',
    `another run took revision ${revision.number} of the procedure at the same moment; append again`,
  )
}

/** The revisions of a version of the procedure, in order. Throws PortError('conflict') where one is missing or unreadable. */
export async function readRevisions(store: ConditionalStore, version: string): Promise<ProcedureRevision[]> {
  const found: ProcedureRevision[] = []
  for await (const { key, value } of store.list(prefixOf(version))) {
    const parsed = revisionSchema.safeParse(value)
    if (!parsed.success || key !== keyOf(version, found.length + 1))
      throw new PortError('conflict', 'REVISIONS_BROKEN', `the revisions of the procedure are broken at '${key}'`)
    found.push(parsed.data)
  }
  return found
}

import { z } from 'zod'
import { canonicalJson } from '../evidence/canonical-json'
import type { Weakening } from './diff'

/** Roles that both have to approve before protection may weaken. */
export const APPROVERS = ['Compliance Officer', 'Medical Director'] as const

const json = z.json()

/** What people agreed to: exactly these weakenings, for a reason, until a date. Names roles, never persons. */
export const changeRecordSchema = z.strictObject({
  id: z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, _ and -, at most 64'),
  /** Role that answers for the change. */
  owner: z.string().min(1),
  reason: z.string().min(20),
  approvals: z
    .array(z.strictObject({ role: z.enum(APPROVERS), approvedOn: z.iso.date(), reference: z.string().min(1) }))
    .refine(
      (approvals) => APPROVERS.every((role) => approvals.some((approval) => approval.role === role)),
      `needs the approval of ${APPROVERS.join(' and ')}`,
    ),
  /** Last day on which the record covers anything. */
  expires: z.iso.date(),
  weakenings: z.array(z.strictObject({ subject: z.string(), path: z.string(), before: json, after: json })).min(1),
})
export type ChangeRecord = z.infer<typeof changeRecordSchema>

/** A weakening with the record that covers it; none: it may not be deployed. */
export interface JudgedWeakening extends Weakening {
  readonly coveredBy?: string
}

/** Finds for each weakening a record in force that names exactly it, from what to what. `today` such as `2026-11-24`. */
export const judge = (
  found: readonly Weakening[],
  records: readonly ChangeRecord[],
  today: string,
): JudgedWeakening[] =>
  found.map((weakening) => {
    const record = records.find(
      ({ expires, weakenings }) => expires >= today && weakenings.some((named) => covers(named, weakening)),
    )
    return record ? { ...weakening, coveredBy: record.id } : weakening
  })

const covers = (named: ChangeRecord['weakenings'][number], { subject, path, before, after }: Weakening): boolean =>
  canonicalJson({ ...named }) === canonicalJson({ subject, path, before, after })

import { z } from 'zod'
import { canonicalJson } from '../evidence/canonical-json'
import type { Assembly } from './assembly'
import type { Weakening } from './diff'
import { stillWeaker, valueIn } from './still-weaker'

/** Roles that both have to approve before protection may weaken. */
export const APPROVERS = ['Compliance Officer', 'Medical Director'] as const

/** Days from the last approval for which a record may hold. Ours, since the procedure names none: a quarter, as for reviews of access. */
export const LONGEST_TERM_DAYS = 92

const json = z.json()

const approval = z.strictObject({
  role: z.enum(APPROVERS),
  /** Who approved, as a pseudonymous id of the place that keeps identities; never a name. */
  person: z.string().regex(/^sha256:[0-9a-f]{64}$/, "the person's id, hashed: sha256 and 64 digits"),
  approvedOn: z.iso.date(),
  /** Where the approval can be looked up, such as the number of the minutes. */
  reference: z.string().min(3),
})

/** What people agreed to: exactly these weakenings, in one environment, for a reason, until a date. Names roles, never persons. */
export const changeRecordSchema = z
  .strictObject({
    id: z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, _ and -, at most 64'),
    /** The one environment that the record speaks of. */
    environment: z.enum(['production', 'staging', 'test']),
    /** Role that answers for the change; one of the contacts of the policy. */
    owner: z.string().min(1),
    reason: z.string().min(20),
    approvals: z
      .array(approval)
      .refine(
        (approvals) => APPROVERS.every((role) => approvals.some((one) => one.role === role)),
        `needs the approval of ${APPROVERS.join(' and ')}`,
      )
      .refine(
        (approvals) => new Set(approvals.map(({ person }) => person)).size === approvals.length,
        'one person cannot approve twice, nor for two roles',
      ),
    /** Last day on which the record covers anything. */
    expires: z.iso.date(),
    weakenings: z.array(z.strictObject({ subject: z.string(), path: z.string(), before: json, after: json })).min(1),
  })
  .refine(({ approvals, expires }) => expires <= daysAfter(lastApproval(approvals), LONGEST_TERM_DAYS), {
    path: ['expires'],
    message: `holds for at most ${LONGEST_TERM_DAYS} days from its last approval`,
  })
export type ChangeRecord = z.infer<typeof changeRecordSchema>

const lastApproval = (approvals: readonly { readonly approvedOn: string }[]): string =>
  approvals
    .map(({ approvedOn }) => approvedOn)
    .toSorted()
    .at(-1) ?? ''

function daysAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10)
}

/** A weakening with the record that covers it; none: it may not be deployed. */
export type JudgedWeakening = Weakening & Judged

interface Judged {
  readonly coveredBy?: string
}

/** What a record can name: a change of something, from what to what. */
type Named = Pick<Weakening, 'subject' | 'path' | 'before' | 'after'>

/** When and where a change is judged. `today` such as `2026-11-24`. */
export interface Occasion {
  readonly environment: string
  readonly today: string
}

/** Finds for each weakening a record of the environment, in force, that names exactly it, from what to what. */
export function judge<Found extends Named>(
  found: readonly Found[],
  records: readonly ChangeRecord[],
  occasion: Occasion,
): (Found & Judged)[] {
  const inForce = records.filter((record) => holds(record, occasion))
  return found.map((weakening) => {
    const record = inForce.find(({ weakenings }) => weakenings.some((named) => covers(named, weakening)))
    return record ? { ...weakening, coveredBy: record.id } : weakening
  })
}

/** Approved by today, and not over. An approval of tomorrow approves nothing yet. */
const holds = (record: ChangeRecord, { environment, today }: Occasion): boolean =>
  record.environment === environment && lastApproval(record.approvals) <= today && today <= record.expires

const covers = (named: ChangeRecord['weakenings'][number], { subject, path, before, after }: Named): boolean =>
  canonicalJson({ ...named }) === canonicalJson({ subject, path, before, after })

/** A weakening whose record holds no more, and that still stands. */
export interface Overstayed {
  readonly record: string
  readonly expires: string
  readonly subject: string
  readonly path: string
}

/**
 * What was agreed to until a day that has passed, or by a record that was withdrawn, and is still weaker than before it. A
 * record in force that covers all of it, from what was there then to what is there now, renews the older one.
 */
export function overstayed(
  now: Assembly,
  records: readonly ChangeRecord[],
  occasion: Occasion,
  withdrawn: readonly ChangeRecord[] = [],
): Overstayed[] {
  const renewals = records.filter((record) => holds(record, occasion)).flatMap(({ weakenings }) => weakenings)
  const isRenewed = (named: Named): boolean => {
    const standing = { ...named, after: valueIn(now, named) }
    return renewals.some((renewal) => covers(renewal, standing))
  }
  return [...records.filter(({ expires }) => expires < occasion.today), ...withdrawn]
    .filter(({ environment }) => environment === occasion.environment)
    .flatMap(({ id, expires, weakenings }) =>
      weakenings
        .filter((named) => stillWeaker(now, named) && !isRenewed(named))
        .map(({ subject, path }) => ({ record: id, expires, subject, path })),
    )
}

/** The older records that are there no more as they were. What they allowed is allowed no more, and is not forgotten. */
export function withdrawnOf(older: readonly ChangeRecord[], records: readonly ChangeRecord[]): ChangeRecord[] {
  const held = new Set(records.map((record) => canonicalJson(record)))
  return older.filter((record) => !held.has(canonicalJson(record)))
}

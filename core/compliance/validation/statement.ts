import { z } from 'zod'
import { contentHash } from '../../evidence/hash'
import type { EvidenceRecord } from '../../evidence/record'
import type { AskedStatement, Control } from '../controls/control'
import { newest, type EvidenceAtHand } from './evidence-at-hand'
import type { Verdict } from './verdict'

/** Kinds of the records by which persons vouch: for a statement, or that a control does not apply. */
export const ATTESTED = 'control-attested'
export const NOT_APPLICABLE = 'control-not-applicable'

/** A decision that a control does not apply is taken anew each year. */
export const DECISION_MONTHS = 12

/** What such a record says. The document lies elsewhere; its hash is the artefact of the record. */
export const attestedSchema = z.looseObject({
  /** Hash of what the control asked for then: another wording has to be attested anew. */
  asked: z.string(),
  role: z.string(),
  /** Last day on which it counts, in Brasília's time. */
  validUntil: z.iso.date(),
})

export interface JudgedStatement {
  readonly statement: string
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  readonly role?: string
  readonly validUntil?: string
  readonly evidence?: string
}

/** What a person vouches for, as one hash. */
export const askedHash = ({ id }: Pick<Control, 'id'>, statement: string): string => contentHash({ id, statement })

/** The end of a calendar day in Brasília, which has had no daylight saving time since 2019 (Decree 9.772/2019). */
export const endOfDay = (date: string): number => Date.parse(`${date}T23:59:59.999-03:00`)

/** How soon an attestation ends that is made now; undefined where its document says. */
export function lastDay({ months }: AskedStatement, issuedAt: Date): string | undefined {
  if (months === 'document') return undefined
  const until = new Date(issuedAt)
  until.setUTCMonth(until.getUTCMonth() + months)
  return until.toISOString().slice(0, 10)
}

/** Judges what a person has to vouch for by the newest record that speaks of it. */
export function judgeStatement(control: Control, asked: AskedStatement, at: EvidenceAtHand): JudgedStatement {
  return judgeAttested(control, asked.statement, ATTESTED, asked, at)
}

/** Whether a person has decided that the control does not apply; undefined where nobody has, or the decision has ended. */
export function decidedNotApplicable(control: Control, at: EvidenceAtHand): JudgedStatement | undefined {
  const decided = judgeAttested(
    control,
    NOT_APPLICABLE,
    NOT_APPLICABLE,
    { statement: NOT_APPLICABLE, months: DECISION_MONTHS },
    at,
  )
  return decided.verdict === 'PASS' ? decided : undefined
}

function judgeAttested(
  control: Control,
  statement: string,
  kind: string,
  asked: AskedStatement,
  at: EvidenceAtHand,
): JudgedStatement {
  const judged = (verdict: Verdict, reason?: string, of?: Partial<JudgedStatement>): JudgedStatement => ({
    statement,
    verdict,
    reasons: reason === undefined ? [] : [reason],
    ...of,
  })
  if (at.chain === 'fail') return judged('UNKNOWN', 'the evidence was changed after it was written')
  const record = newest(at, (one) => isAbout(one, kind, control, statement))
  if (!record) return judged('UNKNOWN', 'nobody has attested it')
  const { role, validUntil } = attestedSchema.parse(record.measurements)
  const of = { role, validUntil, evidence: record.id }
  if (record.outcome !== 'succeeded') return judged('FAIL', 'it was withdrawn', of)
  const latest = lastDay(asked, new Date(record.finishedAt))
  const until = latest !== undefined && latest < validUntil ? latest : validUntil
  if (endOfDay(until) < at.now.getTime()) return judged('EXPIRED', `it was valid until ${until}`, of)
  return judged('PASS', undefined, of)
}

const isAbout = (
  { kind, subject, measurements }: EvidenceRecord,
  wanted: string,
  control: Control,
  statement: string,
) =>
  kind === wanted &&
  subject === control.id &&
  attestedSchema.safeParse(measurements).data?.asked === askedHash(control, statement)

import type { OperatorWorld } from '../../operator'
import { PortError } from '../../ports/errors'
import { CATALOGUE, catalogueHash } from '../controls'
import type { Control } from '../controls/control'
import { askedHash, ATTESTED, DECISION_MONTHS, endOfDay, lastDay, NOT_APPLICABLE } from './statement'

/** The word of a person. The document itself stays where it is kept; its hash goes into the evidence. */
export interface Vouched {
  readonly control: string
  /** Which statement of the control, counted from 1; or that the control does not apply. */
  readonly statement: number | 'not-applicable'
  /** Last day on which it counts, as `2027-01-31`. */
  readonly validUntil: string
  readonly document: { readonly name: string; readonly sha256: string }
}

/**
 * Records the word of a person as evidence. Throws PortError('invalid') for a control or statement that does not exist, a day
 * that is past or later than the control allows; ('denied') for the role that runs the backups: nobody vouches for their own
 * work.
 */
export async function vouch(
  world: OperatorWorld,
  { control: id, statement: nth, validUntil, document }: Vouched,
): Promise<{
  readonly evidence: string
  readonly control: string
  readonly statement: string
  readonly validUntil: string
}> {
  const { policy, clock, evidence, actor } = world
  const control = CATALOGUE.find((one) => one.id === id)
  if (!control)
    throw invalid('CONTROL_UNKNOWN', `there is no control '${id}'; 'recovery compliance controls' lists them`)
  const asked = statementOf(control, nth)
  if (actor.role === runsBackups(policy))
    throw new PortError(
      'denied',
      'ATTESTS_OWN_WORK',
      `'${actor.role}' runs the backups; let somebody of another role vouch`,
    )
  const now = clock.now()
  if (endOfDay(validUntil) < now.getTime()) throw invalid('ATTESTATION_PAST', `'${validUntil}' is past`)
  const latest = lastDay(asked, now)
  if (latest !== undefined && validUntil > latest)
    throw invalid('ATTESTATION_TOO_LONG', `'${validUntil}' is later than ${latest}, the last day that ${id} allows`)
  const { id: record } = await evidence.append({
    key: `${asked.kind}/${id}/${nth}/${now.toISOString()}`,
    kind: asked.kind,
    subject: id,
    startedAt: now.toISOString(),
    finishedAt: now.toISOString(),
    outcome: 'succeeded',
    measurements: {
      asked: askedHash(control, asked.statement),
      catalogue: catalogueHash(),
      statement: nth,
      role: actor.role,
      validUntil,
    },
    artefacts: [document],
    controls: [id],
    actor: `person-${actor.person}`,
  })
  return { evidence: record, control: id, statement: asked.statement, validUntil }
}

/** The role that answers for the daily work that most controls are about. */
const runsBackups = ({ calendar }: OperatorWorld['policy']): string | undefined =>
  calendar.activities.find(({ id }) => id === 'backup-completion')?.owner

function statementOf(control: Control, nth: Vouched['statement']) {
  if (nth === 'not-applicable') return { kind: NOT_APPLICABLE, statement: NOT_APPLICABLE, months: DECISION_MONTHS }
  const asked = control.statements[nth - 1]
  if (asked) return { kind: ATTESTED, ...asked }
  const held = control.statements.length
  throw invalid(
    'STATEMENT_UNKNOWN',
    held === 0
      ? `${control.id} asks nobody for their word: only machines decide it`
      : `${control.id} has ${held} statement${held === 1 ? '' : 's'}, no number ${nth}`,
  )
}

const invalid = (code: string, message: string) => new PortError('invalid', code, message)

import type { MachineCheck, Reasons } from '../controls/control'
import { ageDays, newest, type EvidenceAtHand } from './evidence-at-hand'
import type { Verdict } from './verdict'

/** How one check of a control came out. */
export interface JudgedCheck {
  readonly by: MachineCheck['by']
  readonly asks: string
  readonly verdict: Verdict
  /** Why it is not PASS, each reason in a sentence. */
  readonly reasons: Reasons
  /** The record that it rests on, by its id. */
  readonly evidence?: string
}

const TAMPERED = 'the evidence was changed after it was written, so that none of its records proves anything'

/** Judges one check. What cannot be looked at is UNKNOWN, never PASS. */
export function judgeCheck(check: MachineCheck, at: EvidenceAtHand): JudgedCheck {
  const { by, asks } = check
  const judged = (verdict: Verdict, reasons: Reasons = [], evidence?: string): JudgedCheck => ({
    by,
    asks,
    verdict,
    reasons,
    ...(evidence !== undefined && { evidence }),
  })
  const held = (reasons: Reasons, evidence?: string) =>
    judged(reasons.length === 0 ? 'PASS' : 'FAIL', reasons, evidence)
  if ('unanswered' in check) return judged('UNKNOWN', [check.unanswered])
  if (check.by === 'register') return held(check.broken(at.policy, at.now))
  if (check.by === 'template')
    return at.stacks
      ? held(check.broken(at.stacks, at.policy))
      : judged('UNKNOWN', ['no synthesized templates are at hand'])
  if (at.chain === 'fail') return judged('UNKNOWN', [TAMPERED])
  const record = newest(at, check.isAbout)
  if (!record) return judged('UNKNOWN', ['there is no evidence of it'])
  const days = ageDays(record, at.now)
  // What was broken when somebody last looked is broken, however long ago that was.
  const reasons = check.broken(record, at.policy)
  if (reasons.length > 0) return judged('FAIL', reasons, record.id)
  if (days > check.maxAgeDays)
    return judged(
      'STALE',
      [`the evidence is ${Math.floor(days)} days old, at most ${check.maxAgeDays} allowed`],
      record.id,
    )
  return judged('PASS', [], record.id)
}

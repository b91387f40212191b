import type { MachineCheck, Reasons, TemplateCheck } from '../controls/control'
import { ageDays, newest, type EvidenceAtHand, type RegionRole } from './evidence-at-hand'
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
  if (check.by === 'template') {
    if (!at.stacks) return judged('UNKNOWN', ['no synthesized templates are at hand'])
    const unseen = unseenBy(check, at.unseen ?? [])
    if (unseen.length > 0)
      return judged('UNKNOWN', [`the templates of the ${unseen.join(' and ')} region cannot be seen from here`])
    return held(check.broken(at.stacks, at.policy))
  }
  if (at.chain === 'fail') return judged('UNKNOWN', [TAMPERED])
  const record = newest(at, (one) => check.isAbout(one, at.policy))
  if (!record) return judged('UNKNOWN', ['there is no evidence of it'])
  const days = ageDays(record, at.now)
  // What was broken when somebody last looked is broken, however long ago that was.
  const reasons = check.broken(record, at.policy)
  if (reasons.length > 0) return judged('FAIL', reasons, record.id)
  const silent = check.silent?.(record) ?? []
  if (silent.length > 0) return judged('UNKNOWN', silent, record.id)
  if (days > check.maxAgeDays)
    return judged(
      'STALE',
      [`the evidence is ${Math.floor(days)} days old, at most ${check.maxAgeDays} allowed`],
      record.id,
    )
  return judged('PASS', [], record.id)
}

const ROLES = ['primary', 'recovery', 'witness'] as const

/** Of the regions whose templates nobody can see, those that the check would have to read. */
const unseenBy = ({ reads }: TemplateCheck, unseen: readonly RegionRole[]): readonly RegionRole[] =>
  unseen.filter((role) => !reads || reads.some((kind) => standsIn(kind, role)))

/** A kind of stack whose name says no region may stand in each. */
const standsIn = (kind: string, role: RegionRole): boolean =>
  kind.endsWith(`-${role}`) || !ROLES.some((one) => kind.endsWith(`-${one}`))

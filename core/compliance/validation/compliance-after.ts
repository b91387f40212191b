import { contentHash } from '../../evidence/hash'
import type { JudgedControl, Validation } from './validate'

/** What whoever goes on after a validation keeps of it: ids and counts, small enough for the state of a run. */
export interface ComplianceSeen {
  readonly at: string
  readonly catalogue: string
  /** Hash of the whole validation. */
  readonly validation: string
  readonly decidedByMachine: number
  /** Controls of which a machine saw everything hold. */
  readonly held: readonly string[]
  /** Controls of which something is broken, old or expired. */
  readonly broken: readonly string[]
}

/** What a change did to the controls. */
export interface ComplianceAfter {
  /** `inconclusive`: nothing is known to be worse, and not everything that held before could be seen. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** Controls that are broken now and were not before. */
  readonly newlyBroken: readonly string[]
  /** Controls that held before, and of which nobody can say so now. */
  readonly noLongerSeen: readonly string[]
}

export function complianceSeen(validation: Validation): ComplianceSeen {
  const { at, catalogue, score, controls } = validation
  const idsOf = (which: (control: JudgedControl) => boolean) => controls.filter(which).map(({ id }) => id)
  return {
    at,
    catalogue,
    validation: contentHash(validation),
    decidedByMachine: score.decidedByMachine,
    held: idsOf(({ machine }) => machine === 'PASS'),
    broken: idsOf(({ machine }) => machine === 'FAIL' || machine === 'STALE'),
  }
}

/**
 * Judges what a change has done, such as a failover or a rollback: it answers for no control that was broken before it, and
 * for every one that held. Undefined: nobody validated then. Two catalogues are not compared, since they ask other things.
 */
export function complianceAfter(
  before: ComplianceSeen | undefined,
  after: ComplianceSeen | undefined,
): ComplianceAfter {
  if (!after) return { verdict: 'inconclusive', newlyBroken: [], noLongerSeen: before?.held ?? [] }
  const isComparable = before !== undefined && before.catalogue === after.catalogue
  if (!isComparable)
    return { verdict: after.broken.length === 0 ? 'pass' : 'inconclusive', newlyBroken: [], noLongerSeen: [] }
  const newlyBroken = after.broken.filter((id) => !before.broken.includes(id))
  const noLongerSeen = before.held.filter((id) => !after.held.includes(id) && !after.broken.includes(id))
  return {
    verdict: newlyBroken.length > 0 ? 'fail' : noLongerSeen.length > 0 ? 'inconclusive' : 'pass',
    newlyBroken,
    noLongerSeen,
  }
}

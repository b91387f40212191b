import type { LedgerEntry, ReplaySet } from '../ports/database'
import type { Ledger } from './erasure-ledger'

/**
 * What a database recovered to a point may lack: whatever was never said to be applied, and what was applied later than
 * that point less the skew by which two clocks may differ. When it was accepted does not matter: what was accepted before
 * the point and applied after it is lost as well. Without a known point, everything. A correction of who was erased is left
 * out: there is nobody left to correct.
 */
export function replaySet(
  { entries, head }: Ledger,
  recoveryPoint: string | undefined,
  skewSeconds: number,
): ReplaySet {
  const from = recoveryPoint === undefined ? Number.NEGATIVE_INFINITY : Date.parse(recoveryPoint) - skewSeconds * 1000
  const erased = new Set(entries.flatMap(({ kind, subjectId }) => (kind === 'erasure' ? [subjectId] : [])))
  const mayLack = ({ kind, subjectId, appliedAt }: LedgerEntry): boolean =>
    (appliedAt === undefined || Date.parse(appliedAt) > from) && !(kind === 'correction' && erased.has(subjectId))
  return { entries: entries.filter(mayLack), head: head?.sequence ?? 0 }
}

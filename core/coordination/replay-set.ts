import type { LedgerEntry, ReplaySet } from '../ports/database'
import type { Ledger } from './erasure-ledger'

/**
 * What a database recovered to a point may lack: whatever was never said to be applied, and what was applied later than
 * that point less the skew by which two clocks may differ. When it was accepted does not matter: what was accepted before
 * the point and applied after it is lost as well. Without a known point, everything. A correction that may be lacking brings
 * every later one of the same person along: alone it would put back what that one has corrected since. A correction of who was
 * erased is left out: there is nobody left to correct.
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
  const correctedFrom = new Map(
    entries
      .filter((entry) => entry.kind === 'correction' && mayLack(entry))
      .toReversed()
      .map(({ subjectId, sequence }) => [subjectId, sequence]),
  )
  const follows = ({ kind, subjectId, sequence }: LedgerEntry): boolean =>
    kind === 'correction' && sequence > (correctedFrom.get(subjectId) ?? Number.POSITIVE_INFINITY)
  return { entries: entries.filter((entry) => mayLack(entry) || follows(entry)), head: head?.sequence ?? 0 }
}

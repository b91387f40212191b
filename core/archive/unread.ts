import type { EvidenceRecord } from '../evidence/record'
import type { Policy } from '../policy'
import { lastRun } from '../policy/schedule'
import type { Clock } from '../ports/clock'
import { archivedParts, classesWithTables } from './classes'
import { READ_BACK, readBackSubject } from './read-back'

export interface UnreadWorld {
  readonly policy: Policy
  /** What readings of the archive of the region have recorded, the newest first. */
  readonly readings: () => AsyncIterable<EvidenceRecord>
  readonly clock: Clock
}

/**
 * Parts of the archive that nobody can be sure to read any more, as `phi-dump`: the newest reading did not pass, or none has
 * since the last time that one was due and has had its whole time. Reads no further back than that.
 */
export async function unreadParts({ policy, readings, clock }: UnreadWorld): Promise<string[]> {
  const unread = new Set(
    classesWithTables(policy).flatMap((name) => archivedParts(policy).map((part) => readBackSubject(name, part))),
  )
  const dueAt = lastReadBack(policy, clock.now())
  if (!dueAt) return []
  const [all, judged] = [unread.size, new Set<string>()]
  for await (const { kind, subject, startedAt, outcome } of readings()) {
    if (judged.size === all || new Date(startedAt) < dueAt) break
    if (kind !== READ_BACK || judged.has(subject)) continue
    judged.add(subject)
    if (outcome === 'succeeded') unread.delete(subject)
  }
  return [...unread]
}

/** Time of the last scheduled reading that has had its whole time; undefined for a schedule that never fired. */
const lastReadBack = ({ archive: { readBack }, backup }: Policy, now: Date): Date | undefined =>
  lastRun(readBack.cron, backup.schedule.timeZone, new Date(now.getTime() - readBack.timeoutMinutes * 60_000))

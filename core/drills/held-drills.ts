import type { EvidenceRecord } from '../evidence/record'
import { recordsIn } from '../evidence/records'
import type { Policy } from '../policy'
import type { WriteOnceStore } from '../ports/write-once-store'

const DAY_MS = 86_400_000

/** A drill that took place, as its evidence tells. */
export interface HeldDrill {
  readonly drill: string
  /** What was rehearsed. */
  readonly scenario: string
  readonly outcome: EvidenceRecord['outcome']
  readonly finishedAt: string
  /** Day until which its lessons have to be recorded. */
  readonly dueOn: string
  /** Whether its lessons are recorded. */
  readonly closed: boolean
}

/** Kind of the evidence that closes a drill. */
export const LESSONS_KIND = 'lessons-learned'

/**
 * Every drill of which there is evidence, oldest first. Reads every record: a few hundred a year. Throws PortError('conflict')
 * for a record that cannot be read, since a drill that nobody sees would count as closed.
 */
export async function heldDrills(store: WriteOnceStore, policy: Pick<Policy, 'calendar'>): Promise<HeldDrill[]> {
  const drills: EvidenceRecord[] = []
  const closed = new Set<string>()
  for await (const record of recordsIn(store)) {
    if (record.kind === 'drill') drills.push(record)
    if (record.kind === LESSONS_KIND) closed.add(drillOf(record))
  }
  return drills
    .map((record) => ({
      drill: drillOf(record),
      scenario: record.subject,
      outcome: record.outcome,
      finishedAt: record.finishedAt,
      dueOn: lessonsDue(policy, new Date(record.finishedAt)).toISOString().slice(0, 10),
      closed: closed.has(drillOf(record)),
    }))
    .toSorted((a, b) => a.finishedAt.localeCompare(b.finishedAt))
}

/** When the lessons of a drill have to be recorded. */
export const lessonsDue = ({ calendar }: Pick<Policy, 'calendar'>, finishedAt: Date): Date =>
  new Date(finishedAt.getTime() + calendar.onceDays.lessonsLearned * DAY_MS)

/** The task that waits for them. */
export const lessonsActivity = (drill: string): string => `lessons-${drill}`

/** Whole days since a drill ended. */
export const ageDays = ({ finishedAt }: HeldDrill, now: Date): number =>
  Math.floor((now.getTime() - Date.parse(finishedAt)) / DAY_MS)

const drillOf = ({ id, measurements }: EvidenceRecord): string =>
  typeof measurements['run'] === 'string' ? measurements['run'] : id

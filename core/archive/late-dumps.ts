import type { Policy } from '../policy'
import { lastRun } from '../policy/schedule'
import type { DataClass } from '../ports/archive-disposal'
import type { ArchiveIntake } from '../ports/archive-intake'
import type { Clock } from '../ports/clock'
import { classesWithTables } from './classes'
import { dumpManifest } from './dump'

export interface LateDumpsWorld {
  readonly policy: Policy
  readonly archive: Pick<ArchiveIntake, 'holds'>
  readonly clock: Clock
}

/** Time of the last scheduled dump that has had its whole time; undefined where none has, or none is scheduled. */
export function lastDump({ archive: { dump }, backup }: Pick<Policy, 'archive' | 'backup'>, now: Date) {
  if (dump.mode === 'none') return undefined
  return lastRun(dump.cron, backup.schedule.timeZone, new Date(now.getTime() - dump.timeoutMinutes * 60_000))
}

/** Data classes whose dump should be whole by now and is not: the last run that has had its whole time is looked for. */
export async function lateDumps({ policy, archive, clock }: LateDumpsWorld): Promise<DataClass[]> {
  const scheduledAt = lastDump(policy, clock.now())
  if (!scheduledAt) return []
  const late: DataClass[] = []
  for (const dataClass of classesWithTables(policy))
    if (!(await archive.holds(dataClass, dumpManifest(scheduledAt)))) late.push(dataClass)
  return late
}

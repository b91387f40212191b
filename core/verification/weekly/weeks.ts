import type { Policy } from '../../policy'
import { lastRun } from '../../policy/schedule'

/** How one restore of one week ended. */
export interface WeeklyOutcome {
  /** The newest recovery point, an older one that chance has chosen, or the dump of the week. */
  readonly which: 'latest' | 'older' | 'dump'
  readonly passed: boolean
  /** Stable, such as `ALL_CHECKS_PASSED` or the check that did not pass. */
  readonly code: string
}

/** What became of the restore tests of one week. */
export interface Week {
  readonly dueAt: string
  readonly outcomes: readonly WeeklyOutcome[]
}

export interface JudgedWeek {
  readonly dueAt: string
  readonly state: 'green' | 'red' | 'pending'
  readonly why: string
}

/** The last times for which weekly restores were scheduled before a moment, oldest first. */
export function dueWeeks(policy: Policy, before: Date, count: number): Date[] {
  const { restoreTesting, backup } = policy
  if (restoreTesting.mode === 'none') return []
  const due: Date[] = []
  for (let at = before; due.length < count;) {
    const found = lastRun(restoreTesting.cron, backup.schedule.timeZone, at)
    if (!found) break
    due.unshift(found)
    at = new Date(found.getTime() - 60_000)
  }
  return due
}

/** What AWS Backup restores; a dump is restored where its programs are. */
const RECOVERY_POINTS = ['latest', 'older'] as const

/**
 * Green only where all restores of a week were carried out and passed. A week that nobody carried out is red once its windows
 * are over: what did not run leaves no failure behind, and is seen by what is missing.
 */
export function judgeWeeks(
  { restoreTesting }: Policy,
  due: readonly Date[],
  held: readonly Week[],
  now: Date,
  wanted: readonly WeeklyOutcome['which'][] = RECOVERY_POINTS,
): JudgedWeek[] {
  if (restoreTesting.mode === 'none') return []
  const { startWindowHours, validationWindowHours } = restoreTesting
  return due.map((at) => {
    const dueAt = at.toISOString()
    const outcomes = held.find((week) => week.dueAt === dueAt)?.outcomes ?? []
    const failed = outcomes.find(({ passed }) => !passed)
    if (failed) return { dueAt, state: 'red', why: `${failed.which}/${failed.code}` }
    const missing = wanted.filter((which) => !outcomes.some((one) => one.which === which))
    if (missing.length === 0) return { dueAt, state: 'green', why: 'ALL_CHECKS_PASSED' }
    const over = now.getTime() > at.getTime() + (startWindowHours + validationWindowHours) * 3_600_000
    return over
      ? { dueAt, state: 'red', why: `${missing.join('+')}/NOT_CARRIED_OUT` }
      : { dueAt, state: 'pending', why: 'NOT_OVER_YET' }
  })
}

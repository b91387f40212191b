import type { Policy } from '../policy'
import type { DataCheck } from '../ports/database'
import type { Examination, RestoreTest, RestoreVerdict } from '../ports/restore-tests'

export type RestoreTestPolicy = Extract<Policy['restoreTesting'], { readonly mode: 'scheduled' }>

/** What a test of a restore is judged by. */
export interface RestoreExpectations {
  readonly checks: RestoreTestPolicy['checks']
  /** How much older than its recovery point the newest heartbeat in a copy may be. */
  readonly oldestHeartbeatSeconds: number
  /** How long a restore may take. */
  readonly restoreSeconds: number
}

export interface RestoreJudgement {
  readonly verdict: RestoreVerdict
  readonly checks: Readonly<Record<string, DataCheck['verdict']>>
  readonly restoreSeconds?: number
  /** From the newest heartbeat in the copy to its recovery point; what a real restore of it would have lost. */
  readonly lostSeconds?: number
}

/**
 * Passed only if every declared check ran and passed, and nothing else that ran found damage. A check that did not run, or
 * came to no answer, is a failure by that name: what was not looked at is not proven.
 */
export function judgeRestore(
  test: RestoreTest,
  { validation, lastHeartbeatAt, inspected }: Examination,
  expected: RestoreExpectations,
): RestoreJudgement {
  const restoreSeconds = secondsBetween(test.startedAt, test.completedAt)
  const lostSeconds = secondsBetween(lastHeartbeatAt, test.recoveryPointAt)
  const checks: Record<string, DataCheck['verdict']> = Object.fromEntries(
    [...validation.checks, ...inspected].map(({ name, verdict }) => [name, verdict]),
  )
  checks['restore-time'] = within(restoreSeconds, expected.restoreSeconds)
  checks['freshness'] = within(lostSeconds, expected.oldestHeartbeatSeconds)
  return {
    verdict: verdictOf(checks, expected.checks),
    checks,
    ...(restoreSeconds !== undefined && { restoreSeconds }),
    // A heartbeat younger than the recovery point's stamp was committed while the snapshot began: nothing is lost.
    ...(lostSeconds !== undefined && { lostSeconds: Math.max(0, lostSeconds) }),
  }
}

function verdictOf(
  checks: Readonly<Record<string, DataCheck['verdict']>>,
  declared: RestoreExpectations['checks'],
): RestoreVerdict {
  const wanting = declared.find((name) => checks[name] !== 'pass')
  if (wanting) return failed(wanting, checks[wanting] ?? 'not-run')
  const damaged = Object.keys(checks).find((name) => checks[name] === 'fail')
  return damaged ? failed(damaged, 'fail') : { status: 'successful', code: 'ALL_CHECKS_PASSED' }
}

const failed = (check: string, verdict: string): RestoreVerdict => ({
  status: 'failed',
  code: `${check}_${verdict}`.replaceAll('-', '_').toUpperCase(),
})

const within = (seconds: number | undefined, most: number): DataCheck['verdict'] => {
  if (seconds === undefined) return 'inconclusive'
  return seconds <= most ? 'pass' : 'fail'
}

const secondsBetween = (from: string | undefined, to: string | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : (Date.parse(to) - Date.parse(from)) / 1000

import { judgeAll } from '../verification/daily/judge'
import { alarms } from './checks/alarms'
import { backups } from './checks/backups'
import { certificate } from './checks/certificate'
import { components } from './checks/components'
import { databaseRead } from './checks/database-read'
import { databaseWrite } from './checks/database-write'
import { errorRate } from './checks/error-rate'
import { functions } from './checks/functions'
import { heartbeat } from './checks/heartbeat'
import { names } from './checks/names'
import { page } from './checks/page'
import { protocol } from './checks/protocol'
import { queues } from './checks/queues'
import { replica } from './checks/replica'
import type { HealthExpectations } from './expectations'
import type { HealthFacts } from './facts'
import { HEALTH_FINDINGS, type HealthFindingKind } from './findings'
import type { HealthFound, HealthJudge } from './judge'

/** Every check of the health, by its name. */
export const HEALTH_CHECKS = {
  page,
  'error-rate': errorRate,
  certificate,
  protocol,
  names,
  'database-read': databaseRead,
  'database-write': databaseWrite,
  heartbeat,
  replica,
  components,
  functions,
  queues,
  backups,
  alarms,
} as const satisfies Readonly<Record<string, HealthJudge>>

export type HealthCheckName = keyof typeof HEALTH_CHECKS

/** The worst first. What nobody could see may be anything, so that it weighs more than what is only worn. */
export const HEALTH_VERDICTS = ['unhealthy', 'unknown', 'degraded', 'healthy'] as const
export type HealthVerdictName = (typeof HEALTH_VERDICTS)[number]

/** What a client of the platform needs: by these alone is told whether it serves. */
const SERVING: readonly string[] = ['page', 'error-rate', 'names', 'database-write'] satisfies HealthCheckName[]

/** Whether clients are served at a moment. */
export type Serving = 'up' | 'down' | 'unknown'

export interface HealthFinding extends HealthFound, HealthFindingKind {}

export interface HealthCheck {
  readonly check: HealthCheckName
  readonly verdict: HealthVerdictName
  readonly looked: number
  readonly findings: readonly HealthFinding[]
  /** What could not be looked at, by the code of the refusal. */
  readonly unseen: readonly string[]
}

export interface HealthVerdict {
  readonly region: string
  readonly at: string
  readonly verdict: HealthVerdictName
  readonly serving: Serving
  readonly checks: readonly HealthCheck[]
  /** Checks that this place has nothing for. */
  readonly notExpected: readonly HealthCheckName[]
}

/** Judges what was seen of a platform from one place. */
export function judgeHealth(facts: HealthFacts, expected: HealthExpectations): HealthVerdict {
  const judged = judgeAll(HEALTH_CHECKS, HEALTH_FINDINGS, facts, expected)
  const checks = judged.checks.map(({ check, ...seen }): HealthCheck => ({ check, verdict: verdictOf(seen), ...seen }))
  return {
    region: expected.region,
    at: facts.at,
    verdict: worstHealth(checks.map(({ verdict }) => verdict)),
    serving: servingOf(checks),
    checks,
    notExpected: judged.notExpected,
  }
}

function verdictOf({ findings, unseen }: Pick<HealthCheck, 'findings' | 'unseen'>): HealthVerdictName {
  if (findings.some(({ grade }) => grade === 'unhealthy')) return 'unhealthy'
  if (unseen.length > 0) return 'unknown'
  return findings.length > 0 ? 'degraded' : 'healthy'
}

/** Of several verdicts together; of none nothing is known. */
export const worstHealth = (verdicts: readonly HealthVerdictName[]): HealthVerdictName =>
  verdicts.length === 0 ? 'unknown' : (HEALTH_VERDICTS.find((verdict) => verdicts.includes(verdict)) ?? 'unknown')

function servingOf(checks: readonly HealthCheck[]): Serving {
  // A database that nobody is led to keeps nobody from being served.
  const needed = checks.some(({ check }) => check === 'database-write') ? [...SERVING, 'database-read'] : SERVING
  const verdict = worstHealth(checks.filter(({ check }) => needed.includes(check)).map((one) => one.verdict))
  if (verdict === 'unhealthy') return 'down'
  return verdict === 'unknown' ? 'unknown' : 'up'
}

import { archive } from './archive'
import { capacity } from './capacity'
import { code } from './code'
import { completion } from './completion'
import { configuration } from './configuration'
import { copies } from './copies'
import { coverage } from './coverage'
import { earlyEnd } from './early-end'
import { encryption } from './encryption'
import { environmentBackup } from './environment-backup'
import type { Expectations } from './expectations'
import type { DailyFacts } from './facts'
import { DAILY_FINDINGS, type FindingKind } from './findings'
import { judgeAll, type Found, type Judge } from './judge'
import { lifecycle } from './lifecycle'
import { replication } from './replication'
import { restorableTime } from './restorable-time'
import { vaultLocks } from './vault-locks'

/** Every daily check, by its name. */
export const DAILY_CHECKS = {
  completion,
  copies,
  encryption,
  lifecycle,
  'early-end': earlyEnd,
  'vault-locks': vaultLocks,
  'restorable-time': restorableTime,
  replication,
  archive,
  code,
  configuration,
  'environment-backup': environmentBackup,
  capacity,
  coverage,
} as const satisfies Readonly<Record<string, Judge>>

export type DailyCheckName = keyof typeof DAILY_CHECKS

export type Verdict = 'pass' | 'fail' | 'inconclusive'

export interface DailyFinding extends Found, FindingKind {}

export interface DailyCheck {
  readonly check: DailyCheckName
  readonly verdict: Verdict
  readonly looked: number
  readonly findings: readonly DailyFinding[]
  readonly unseen: readonly string[]
}

export interface DailyVerdict {
  readonly region: string
  readonly at: string
  readonly verdict: Verdict
  readonly checks: readonly DailyCheck[]
  /** Checks that this region has nothing for. */
  readonly notExpected: readonly DailyCheckName[]
}

/** Judges what was seen of a region: one finding fails it, and what nobody could see leaves it open. */
export function judgeDay(facts: DailyFacts, expected: Expectations): DailyVerdict {
  const judged = judgeAll(DAILY_CHECKS, DAILY_FINDINGS, facts, expected)
  const checks = judged.checks.map(({ check, ...seen }): DailyCheck => ({ check, verdict: verdictOf(seen), ...seen }))
  return {
    region: expected.region,
    at: facts.at,
    verdict: worst(checks.map(({ verdict }) => verdict)),
    checks,
    notExpected: judged.notExpected,
  }
}

const verdictOf = ({ findings, unseen }: Pick<DailyCheck, 'findings' | 'unseen'>): Verdict =>
  findings.length > 0 ? 'fail' : unseen.length > 0 ? 'inconclusive' : 'pass'

/** Of several verdicts together; of none nothing is known. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.length === 0
    ? 'inconclusive'
    : ((['fail', 'inconclusive'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'pass')

import type { Json } from '../json'
import type { Clock } from '../ports/clock'
import { isPortError } from '../ports/errors'
import type { EvidenceLog } from '../ports/evidence-log'
import type { RestoredCopies, RestoreTest, RestoreTests, RestoreVerdict } from '../ports/restore-tests'
import { judgeRestore, type RestoreExpectations, type RestoreJudgement } from './judge-restore'

export interface RestoreVerification {
  readonly tests: RestoreTests
  readonly copies: RestoredCopies
  readonly evidence: EvidenceLog
  readonly clock: Clock
  readonly expected: RestoreExpectations
  /** The plans whose restores are ours to judge. */
  readonly plans: readonly string[]
}

/** `ignored` for a restore that is no test of ours: it is not examined, and nothing is reported about it. */
export type RestoreOutcome = RestoreVerdict | { readonly status: 'ignored'; readonly code: string }

/**
 * Examines the copy of one restore test, reports the verdict and leaves evidence. Repeating it is safe: a test that was
 * settled before is not examined again, and its evidence is appended where a crash had kept it away.
 */
export async function verifyRestore(world: RestoreVerification, jobId: string): Promise<RestoreOutcome> {
  const test = await world.tests.describe(jobId)
  if (!test) return { status: 'ignored', code: 'JOB_UNKNOWN' }
  if (!test.plan || !world.plans.includes(test.plan)) return { status: 'ignored', code: 'NOT_A_TEST_OF_OURS' }
  if (test.state !== 'completed') return { status: 'ignored', code: 'NOT_COMPLETED' }
  const startedAt = world.clock.now().toISOString()
  const judgement = test.verdict ? notExamined(test.verdict) : await judge(world, test)
  // Reported first: a repeated run then finds the verdict and never comes to another one.
  if (!test.verdict) await world.tests.report(jobId, judgement.verdict)
  await record(world, test, judgement, startedAt)
  return judgement.verdict
}

async function judge({ copies, expected }: RestoreVerification, test: RestoreTest): Promise<RestoreJudgement> {
  if (!test.copy) return notExamined({ status: 'failed', code: 'COPY_MISSING' })
  try {
    return judgeRestore(test, await copies.examine(test.copy, test), expected)
  } catch (error) {
    // A copy that cannot be examined is not proven, whatever the reason. Our own mistakes are thrown as they are.
    if (!isPortError(error)) throw error
    return notExamined({ status: 'failed', code: error.code })
  }
}

const notExamined = (verdict: RestoreVerdict): RestoreJudgement => ({ verdict, checks: {} })

async function record(
  { evidence, clock }: RestoreVerification,
  { jobId, plan, copy, recoveryPointAt }: RestoreTest,
  { verdict, checks, restoreSeconds, lostSeconds }: RestoreJudgement,
  startedAt: string,
): Promise<void> {
  const measurements: Record<string, Json> = {
    code: verdict.code,
    checks,
    recoveryPointAt,
    restoreSeconds: restoreSeconds ?? null,
    lostSeconds: lostSeconds ?? null,
    instance: copy?.instance ?? null,
  }
  await evidence.append({
    key: `restore-test/${jobId}`,
    kind: 'restore-test',
    subject: plan ?? 'restore',
    startedAt,
    finishedAt: clock.now().toISOString(),
    outcome: verdict.status === 'successful' ? 'succeeded' : 'failed',
    measurements,
    artefacts: [],
    controls: ['RESTORE-TESTED'],
    actor: 'restore-validator',
  })
}

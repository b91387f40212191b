import type { Clock } from '../ports/clock'
import type { EvidenceLog } from '../ports/evidence-log'
import type { RestoredCopies, RestoreTests, SettledTest } from '../ports/restore-tests'

export interface TeardownWorld {
  readonly tests: Pick<RestoreTests, 'settledSince'>
  readonly copies: Pick<RestoredCopies, 'isThere'>
  readonly evidence: EvidenceLog & { holds(key: string): Promise<boolean> }
  readonly clock: Clock
  /** The plans whose copies are ours to look after. */
  readonly plans: readonly string[]
  /** How far back settled tests are looked at; days. */
  readonly lookBackDays: number
  /** Hours after which the copy of a settled test has to be gone. */
  readonly goneAfterHours: number
}

/**
 * Copies that outlived their test: each holds what the database holds, and nobody guards it. That one is gone is looked at, not
 * believed, and leaves evidence once.
 */
export async function leftCopies(world: TeardownWorld): Promise<number> {
  const { tests, copies, evidence, clock, plans, lookBackDays, goneAfterHours } = world
  const now = clock.now()
  let left = 0
  for (const test of await tests.settledSince(new Date(now.getTime() - lookBackDays * 24 * HOUR_MS))) {
    const { jobId, plan, copy, completedAt } = test
    if (!plans.includes(plan) || (await evidence.holds(keyOf(jobId)))) continue
    if (await copies.isThere(copy)) {
      if (now.getTime() - Date.parse(completedAt) > goneAfterHours * HOUR_MS) left++
    } else await record(world, test, now)
  }
  return left
}

const HOUR_MS = 3_600_000

const keyOf = (jobId: string): string => `restore-teardown/${jobId}`

async function record(
  { evidence }: TeardownWorld,
  { jobId, plan, copy, completedAt }: SettledTest,
  now: Date,
): Promise<void> {
  await evidence.append({
    key: keyOf(jobId),
    kind: 'restore-teardown',
    subject: plan,
    startedAt: completedAt,
    finishedAt: now.toISOString(),
    outcome: 'succeeded',
    measurements: { instance: copy.instance, gone: true },
    artefacts: [],
    controls: ['RESTORE-TESTED'],
    actor: 'restore-validator',
  })
}

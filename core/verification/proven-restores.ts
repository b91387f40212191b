import type { Clock } from '../ports/clock'
import type { RestoreTests } from '../ports/restore-tests'

export interface ProvenRestoresWorld {
  readonly tests: Pick<RestoreTests, 'passedSince'>
  readonly clock: Clock
  /** Every plan of the region. */
  readonly plans: readonly string[]
  /** How long a passed test proves anything; days. */
  readonly provenWithinDays: number
}

/**
 * Passed tests of the plan that has fewest, within the time in which each has to pass one. A test that never started is in no
 * list of failures: it is seen by what is not there.
 */
export async function provenRestores({ tests, clock, plans, provenWithinDays }: ProvenRestoresWorld): Promise<number> {
  const passed = await tests.passedSince(new Date(clock.now().getTime() - provenWithinDays * DAY_MS))
  return Math.min(...plans.map((plan) => passed.filter((other) => other === plan).length))
}

const DAY_MS = 24 * 60 * 60 * 1000

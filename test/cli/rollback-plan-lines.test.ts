import { planLines } from '../../cli/rollback-plan-lines'
import { draftRollback } from '../../core/release/rollback-plan'
import type { WantedRollback } from '../../core/release/wanted-rollback'
import { shownRollbackSchema } from '../../core/runbook/rollback/desk'
import { components, policy, release, versionsOf } from '../core/runbook/released'

const linesOf = (wanted: WantedRollback, budgetSeconds: number) => {
  const { putBackSeconds, healthySeconds } = policy.releases
  const plan = draftRollback({
    environment: 'production',
    wanted,
    components,
    inForce: versionsOf('2'),
    newestFirst: [release(2), release(1)],
    putBackSeconds,
    healthySeconds,
    budgetSeconds,
  })
  return planLines(shownRollbackSchema.parse({ digest: 'f'.repeat(64), plan: { ...plan, obstacles: [] } }), false)
}

it.each([
  ['full', 900, 'The procedure allows 15 min: 3.3 min of reserve'],
  // The policy's own numbers: a rollback of settings alone has none.
  ['config-only', 120, 'The procedure allows 2 min: NO reserve: the steps before the first change come on top'],
  ['config-only', 90, 'The procedure allows 90 s: BEYOND it by 30 s'],
] as const)('a plan of a %s rollback with a budget of %i seconds says what reserve it has', (type, budget, said) => {
  expect(linesOf({ type }, budget)).toContain(said)
})

it('tells what is usual from the worst that still goes as planned, and that waiting for a person counts', () => {
  expect(linesOf({ type: 'config-only' }, 120)).toEqual(
    expect.arrayContaining([
      'Expected downtime: 60 s as a rule, 2 min where the platform gets well at the very end of its time',
      'A second person is asked before anything changes; that wait is part of the time that the budget counts.',
    ]),
  )
})

import { PRIMARY } from '../adapters/memory/world'
import type { WantedRollback } from '../core/release/wanted-rollback'
import { rollback } from '../core/runbook/rollback'
import { resolveRollback } from '../core/runbook/rollback/resolve'
import { deployTwice, watchRelease } from './release'
import { driven, policy, RUN, STAYS, type Scenario } from './scenario'
import type { Watcher } from './watch'

const rollbackWhere = (name: string, wanted: WantedRollback): Scenario => ({
  name: `rollback: ${name}`,
  ...driven(rollback),
  run: (random) => ({
    ...RUN,
    input: resolveRollback(policy, {
      incidentId: 'incident-1',
      reasonCode: 'RELEASE_ILL',
      wanted: { ...wanted, critical: random.chance(0.2) },
      writer: PRIMARY,
      operation: random.pick(['automatic', 'approval']),
      // Nothing else happens in a longer time of watching.
      pace: { healthySeconds: 20, monitorSeconds: 20 },
    }),
  }),
  prepare: async (world) => {
    await deployTwice(world)
    return STAYS
  },
  accident: () => ({}),
  // What people were shown is not what there is once they have answered.
  invites: {
    share: 0.6,
    fault: (random) => ({
      kind: random.pick(['deployed-by-others', 'lease-taken']),
      step: random.pick(['approve', 'approve', 'lease', 'put-back']),
      lasts: { afterSeconds: random.pick([0, 0, random.between(0, 60)]), forSeconds: random.between(60, 2_000) },
    }),
  },
  watch: watchRelease as Watcher<never> as Watcher,
})

/** The runbook that puts a bad release back. */
export const RELEASE_SCENARIOS: readonly Scenario[] = [
  rollbackWhere('the whole platform', { type: 'full' }),
  rollbackWhere('one component and what needs it', { type: 'partial', only: ['api'] }),
]

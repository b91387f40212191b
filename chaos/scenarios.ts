import { endLease } from '../adapters/memory/database-node'
import { PRIMARY, REPLICA, type MemoryWorld } from '../adapters/memory/world'
import { raiseEpoch } from '../core/coordination/writer-epoch'
import { failback } from '../core/runbook/failback'
import { resolveFailbackInput } from '../core/runbook/failback/input'
import { pointInTimeRecovery } from '../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../core/runbook/point-in-time-recovery/input'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import type { MoveInput } from '../core/runbook/steps/input'
import { zoneFailover } from '../core/runbook/zone-failover'
import { resolveZoneFailoverInput } from '../core/runbook/zone-failover/input'
import type { Sides } from './arena'
import { BAD_TRANSACTION, COPY, withBadTransaction } from './bad-transaction'
import { INCIDENT_SCENARIOS } from './incident-scenarios'
import { RELEASE_SCENARIOS } from './release-scenarios'
import { driven, policy, RUN, type Scenario } from './scenario'
import type { SeededRandom } from './seeded-random'

const requestOf = (random: SeededRandom) =>
  ({
    incidentId: 'incident-1',
    operation: random.pick<MoveInput['operation']>(['automatic', 'approval']),
    applicationTier: policy.rehearsal.applicationTier,
  }) as const

const regionFailoverWhere = (name: string, accident: Scenario['accident'], wakes?: Scenario['wakes']): Scenario => ({
  name: `region-failover: ${name}`,
  ...driven(regionFailover),
  run: (random) => ({
    ...RUN,
    input: resolveMoveInput(policy, {
      ...requestOf(random),
      reasonCode: 'REGION_LOST',
      writer: PRIMARY,
      successor: REPLICA,
    }),
  }),
  move: { isPlanned: false },
  prepare: async () => ({ writer: PRIMARY, successor: REPLICA }),
  accident,
  ...(wakes && {
    wakes,
    // A place that was passed over and came back meanwhile is what it hears.
    invites: {
      share: 0.7,
      fault: (random: SeededRandom) => ({
        kind: 'place-dark',
        step: 'claim-epoch',
        lasts: { afterSeconds: 0, forSeconds: random.between(20, 300) },
      }),
    },
  }),
})

/** What was rebuilt in the primary region after it was lost. */
const RETURNED = { region: PRIMARY.region, instance: 'clinic-g3' }

/** The recovery region serves since a failover, and a new generation in the primary region follows its writer. */
async function servedFromRecovery(world: MemoryWorld): Promise<Sides> {
  const epoch = 2
  for (const place of ['recovery', 'witness'] as const) {
    await raiseEpoch(world.stores[place], { epoch, holder: REPLICA.region, raisedBy: 'failover', continues: epoch })
    await world.ports().trafficSwitch.point(place, { region: REPLICA.region, epoch, key: 'failover' })
  }
  endLease(world.primary, epoch)
  const leaseUntilMs = world.settings.lease.durationSeconds * 1000
  Object.assign(world.replica, { role: 'primary', loginsOpen: true, epoch, leaseUntilMs })
  world.addReplica(RETURNED, REPLICA)
  world.effects.length = 0
  return { writer: REPLICA, successor: RETURNED }
}

const failbackWhere = (name: string, accident: Scenario['accident']): Scenario => ({
  name: `failback: ${name}`,
  ...driven(failback),
  run: (random) => ({
    ...RUN,
    input: resolveFailbackInput(policy, {
      ...requestOf(random),
      reasonCode: 'REGION_BACK',
      writer: REPLICA,
      successor: RETURNED,
    }),
  }),
  move: { isPlanned: true },
  prepare: servedFromRecovery,
  accident,
})

const zoneFailoverWhere = (name: string, accident: Scenario['accident']): Scenario => ({
  name: `zone-failover: ${name}`,
  ...driven(zoneFailover),
  run: (random) => ({
    ...RUN,
    input: resolveZoneFailoverInput(policy, {
      ...requestOf(random),
      reasonCode: 'ZONE_LOST',
      instance: PRIMARY,
      observer: REPLICA,
    }),
  }),
  move: { isPlanned: false },
  prepare: async ({ application }) => {
    const { applicationTier: tier } = policy.rehearsal
    // It runs in the region since long before.
    if (tier.mode === 'hooks') for (const hook of tier.hooks) await application.bringUp(hook, { key: 'before' })
    return { writer: PRIMARY, successor: PRIMARY }
  },
  accident,
})

const pointInTimeRecoveryWhere = (name: string, accident: Scenario['accident']): Scenario => ({
  name: `point-in-time-recovery: ${name}`,
  ...driven(pointInTimeRecovery),
  run: (random) => ({
    ...RUN,
    input: resolvePointInTimeInput(policy, {
      ...requestOf(random),
      reasonCode: 'DATA_REWRITTEN',
      writer: PRIMARY,
      successor: COPY,
      target: { kind: 'transaction', id: BAD_TRANSACTION },
    }),
  }),
  move: { isPlanned: true },
  prepare: withBadTransaction,
  accident,
})

/** The moves of the right to write are where most can go wrong. */
const MOVES: readonly Scenario[] = [
  regionFailoverWhere('the primary region dies', () => ({
    primary: 'dead',
    guard: 'dead',
    isReachable: false,
    link: { up: false, lagSeconds: 0 },
  })),
  regionFailoverWhere('the primary region is cut off and lives', (random) => ({
    isReachable: false,
    link: { up: false, lagSeconds: 0 },
    guardSees: random.pick([[], ['witness'], ['recovery', 'witness']] as const),
  })),
  regionFailoverWhere(
    'the primary region hangs, and wakes hearing less than all',
    () => ({ primary: 'hung', isReachable: false, link: { up: false, lagSeconds: 0 } }),
    (random) => ({ guardSees: random.pick([[], ['recovery'], ['witness'], ['witness']] as const) }),
  ),
  regionFailoverWhere('the primary region serves', () => ({ isReachable: true })),
  failbackWhere('the recovery region serves', () => ({})),
  failbackWhere('the rebuilt replica follows seconds behind', (random) => ({
    link: { up: true, lagSeconds: random.between(1, 8) },
  })),
  zoneFailoverWhere('the zone dies', () => ({ primary: 'dead' })),
  pointInTimeRecoveryWhere('the old database answers', () => ({})),
  pointInTimeRecoveryWhere('the old database is closed by its lease alone', () => ({ fenceProves: false })),
]

export const SCENARIOS: readonly Scenario[] = [
  // What wakes up late needs more faults at once than any other.
  ...MOVES.map((scenario) => ({ ...scenario, weight: scenario.wakes ? 4 : 2 })),
  ...INCIDENT_SCENARIOS,
  ...RELEASE_SCENARIOS,
]

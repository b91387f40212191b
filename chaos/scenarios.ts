import { endLease } from '../adapters/memory/database-node'
import { PRIMARY, REPLICA, type MemoryWorld } from '../adapters/memory/world'
import { raiseEpoch } from '../core/coordination/writer-epoch'
import { failback } from '../core/runbook/failback'
import { resolveFailbackInput } from '../core/runbook/failback/input'
import type { BaseInput, Runbook } from '../core/runbook/model'
import { pointInTimeRecovery } from '../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../core/runbook/point-in-time-recovery/input'
import type { NewRun } from '../core/runbook/reducer'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import type { MoveInput } from '../core/runbook/steps/input'
import { zoneFailover } from '../core/runbook/zone-failover'
import { resolveZoneFailoverInput } from '../core/runbook/zone-failover/input'
import { resolvePolicy } from '../policy'
import type { Sides } from './arena'
import type { Conditions } from './conditions'
import type { SeededRandom } from './seeded-random'

/** A runbook, what it is told, and what has happened before it starts. One entry each. */
export interface Scenario {
  readonly name: string
  /** The runbook takes the input that `run` makes. */
  readonly runbook: Runbook<MoveInput>
  readonly run: (random: SeededRandom) => NewRun<MoveInput>
  readonly isPlanned: boolean
  /** Makes the two sides in a world that has just begun. */
  readonly prepare: (world: MemoryWorld) => Promise<Sides>
  /** What is wrong when the run starts, and stays so. */
  readonly accident: (random: SeededRandom) => Partial<Conditions>
  /** What of it is left when the run has ended and what was lost wakes up. @default nothing, unless it is dead */
  readonly wakes?: (random: SeededRandom) => Partial<Conditions>
  /** Everything the cursor of a run can stand on. */
  readonly cursors: readonly string[]
}

const policy = resolvePolicy('production')

/** Of the lease, for faults that lean on it; of the renewals, for the guards. */
export const { lease: LEASE, dns: DNS } = policy.pace

const RUN = { runId: 'run-1', mode: 'real', startedBy: 'detector' } as const

const requestOf = (random: SeededRandom) =>
  ({
    incidentId: 'incident-1',
    operation: random.pick<MoveInput['operation']>(['automatic', 'approval']),
    applicationTier: policy.rehearsal.applicationTier,
  }) as const

const cursorsOf = <Input extends BaseInput>({ steps }: Runbook<Input>): readonly string[] =>
  steps.flatMap(({ id, undo }) => ('run' in undo ? [id, `undo:${id}`] : [id]))

const regionFailoverWhere = (name: string, accident: Scenario['accident'], wakes?: Scenario['wakes']): Scenario => ({
  name: `region-failover: ${name}`,
  runbook: regionFailover,
  run: (random) => ({
    ...RUN,
    input: resolveMoveInput(policy, {
      ...requestOf(random),
      reasonCode: 'REGION_LOST',
      writer: PRIMARY,
      successor: REPLICA,
    }),
  }),
  isPlanned: false,
  prepare: async () => ({ writer: PRIMARY, successor: REPLICA }),
  accident,
  ...(wakes && { wakes }),
  cursors: cursorsOf(regionFailover),
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
  runbook: failback as Runbook<never> as Runbook<MoveInput>,
  run: (random) => ({
    ...RUN,
    input: resolveFailbackInput(policy, {
      ...requestOf(random),
      reasonCode: 'REGION_BACK',
      writer: REPLICA,
      successor: RETURNED,
    }),
  }),
  isPlanned: true,
  prepare: servedFromRecovery,
  accident,
  cursors: cursorsOf(failback),
})

const zoneFailoverWhere = (name: string, accident: Scenario['accident']): Scenario => ({
  name: `zone-failover: ${name}`,
  runbook: zoneFailover as Runbook<never> as Runbook<MoveInput>,
  run: (random) => ({
    ...RUN,
    input: resolveZoneFailoverInput(policy, {
      ...requestOf(random),
      reasonCode: 'ZONE_LOST',
      instance: PRIMARY,
      observer: REPLICA,
    }),
  }),
  isPlanned: false,
  prepare: async ({ application }) => {
    const { applicationTier: tier } = policy.rehearsal
    // It runs in the region since long before.
    if (tier.mode === 'hooks') for (const hook of tier.hooks) await application.bringUp(hook, { key: 'before' })
    return { writer: PRIMARY, successor: PRIMARY }
  },
  accident,
  cursors: cursorsOf(zoneFailover),
})

/** The copy to be made beside the database whose data is wrong. */
const COPY = { region: PRIMARY.region, instance: 'clinic-g3' }
const BAD_TRANSACTION = '4711'

const pointInTimeRecoveryWhere = (name: string, accident: Scenario['accident']): Scenario => ({
  name: `point-in-time-recovery: ${name}`,
  runbook: pointInTimeRecovery as Runbook<never> as Runbook<MoveInput>,
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
  isPlanned: true,
  prepare: async (world) => {
    world.moments.set(BAD_TRANSACTION, new Date(world.clock.now().getTime() - 3_600_000).toISOString())
    return { writer: PRIMARY, successor: COPY }
  },
  accident,
  cursors: cursorsOf(pointInTimeRecovery),
})

export const SCENARIOS: readonly Scenario[] = [
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

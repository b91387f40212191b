import { startCoordination, type CoordinationStart } from '../coordination/first-epoch'
import type { Places } from '../coordination/places'
import { isHeldBy, type WriterEpoch } from '../coordination/writer-epoch'
import { saveExamination } from '../detection/examination'
import type { Clock } from '../ports/clock'
import type { ConditionalStore } from '../ports/conditional-store'
import type { InstanceRef } from '../ports/database'
import type { EvidenceLog } from '../ports/evidence-log'
import { heldBaseline, refreshBaseline, type Refreshed } from './baseline'
import { keepBaseline } from './baseline-history'
import type { DatabasePreparation, DatabaseReadiness } from './ports'

/** Everything that a failover rests on and that no template can create. */
export interface ReadinessWorld {
  readonly places: Places
  /** The first writer. */
  readonly home: InstanceRef
  readonly database: DatabasePreparation
  /** Puts the objects in place by which health checkers tell an unset switch from an unreadable one. */
  readonly prepareSwitches: () => Promise<void>
  /** Remembers, outside of the places, that coordination has begun once. */
  readonly evidence: EvidenceLog & { holds(key: string): Promise<boolean> }
  readonly clock: Clock
  /** Age at which the baseline is recorded anew. */
  readonly baselineMaxAgeHours: number
  /** Database that the replica of the recovery region is declared to follow. @default there is no replica, or it has served since */
  readonly followed?: string
  /** Days for which baselines are kept, to judge copies of older moments by. @default none is kept */
  readonly baselinesKeptDays?: number
}

export interface Readiness {
  readonly coordination: CoordinationStart
  /** `differs`: rows that never change are not what they were, and the baseline that says so is kept. */
  readonly baseline: Refreshed['outcome'] | 'not-the-writer'
  /** Tables that differ from the baseline; undefined where nothing was compared this time. */
  readonly differing?: readonly string[]
  /** What is missing, in the words of `DatabaseReadiness`; empty when all is ready. */
  readonly findings: readonly string[]
}

const FIRST_START = 'first-start'

/**
 * Prepares coordination, switches, database and baseline, in the order in which they rest on each other. Repeatable: run
 * on a schedule, it makes the first start, and from then on brings in new tables and roles and says what is not ready.
 */
export async function prepareRecovery(world: ReadinessWorld): Promise<Readiness> {
  const { places, home, evidence, clock, database } = world
  const startedAt = clock.now().toISOString()
  const { start, epoch } = await startCoordination(places, home, () => evidence.holds(FIRST_START))
  await evidence.append({
    key: FIRST_START,
    kind: 'readiness',
    subject: 'coordination',
    startedAt,
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: { epoch: epoch.epoch },
    artefacts: [],
    controls: ['SINGLE-WRITER'],
    actor: 'readiness',
  })
  await world.prepareSwitches()
  // Another database writes: it came by replication or out of a backup, prepared, and this one is to be left as it is.
  if (!isHeldBy(epoch, home))
    return { coordination: start, baseline: 'not-the-writer', findings: undeclared(epoch, home) }
  const readiness = await database.prepare(epoch)
  const { outcome, corruption, ...compared } = await refreshBaseline(
    places.recovery,
    clock.now(),
    world.baselineMaxAgeHours,
    (held) => database.baseline(held),
  )
  // Before anybody is told, so that the incident finds it.
  if (corruption)
    await saveExamination(places.recovery, { of: 'content', at: clock.now().toISOString(), ...corruption })
  if (outcome === 'recorded' && world.baselinesKeptDays !== undefined)
    await keepNewest(places.recovery, world.baselinesKeptDays)
  return {
    coordination: start,
    baseline: outcome,
    ...compared,
    findings: [...findingsOf(readiness), ...leftBehind(world)],
  }
}

async function keepNewest(store: ConditionalStore, days: number): Promise<void> {
  const newest = await heldBaseline(store)
  if (newest) await keepBaseline(store, newest, days)
}

/**
 * A database that a recovery put beside this one writes, and no template names it. What follows this one holds what was left
 * behind, so that a region failover would promote that.
 */
const undeclared = ({ holder, instance }: WriterEpoch, home: InstanceRef): string[] =>
  holder === home.region && instance !== undefined ? [`writer-not-declared:${instance}`] : []

/** The writer is declared, and the replica still follows the one before. */
const leftBehind = ({ followed, home }: ReadinessWorld): string[] =>
  followed !== undefined && followed !== home.instance ? [`replica-follows:${followed}`] : []

const findingsOf = ({
  missingTables,
  unprotectedTables,
  rolesNotClosed,
  privilegesMissing,
  deadMan,
  commitTimes,
}: DatabaseReadiness): string[] => [
  ...missingTables.map((table) => `table-missing:${table}`),
  ...unprotectedTables.map((table) => `table-unprotected:${table}`),
  ...rolesNotClosed.map((role) => `role-not-closed:${role}`),
  ...privilegesMissing.map((privilege) => `privilege-missing:${privilege}`),
  ...(deadMan === 'missing' ? ['dead-man-missing'] : []),
  ...(commitTimes === 'off' ? ['commit-times-off'] : []),
]

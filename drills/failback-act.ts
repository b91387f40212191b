import { requireUnfilled } from '../adapters/local/disk-space'
import { atMost, exactly, type Objective } from '../core/measurement'
import type { InstanceRef } from '../core/ports/database'
import { drive } from '../core/runbook/engine'
import { failback } from '../core/runbook/failback'
import { resolveFailbackInput } from '../core/runbook/failback/input'
import { observe, type Observation } from './observation'
import type { PlayedRun } from './played-run'
import type { Stage } from './stage'
import { now, type Strike } from './strike'

/** A planned switch back that was played. */
export interface PlayedFailback {
  readonly played: PlayedRun
  readonly observation: Observation
  /** When it was begun, while everything worked. */
  readonly begun: Strike
  readonly objectives: readonly Objective[]
  /** What serves afterwards. */
  readonly writer: InstanceRef
}

const LOOK_EVERY_MS = 100

/**
 * The recovery region serves: rebuilds an instance in the primary region as a new generation, puts clients to work, and
 * hands over to it. Nothing that was acknowledged may be missing afterwards. The writer of before never follows anybody again,
 * so the recovery region gets a new generation too.
 */
export async function playFailback(stage: Stage): Promise<PlayedFailback> {
  const { world, ports, runId, say, size } = stage
  const { policy, clients } = size
  const { pace, workload: usual, applicationTier } = policy.rehearsal
  const rebuilt = await rebuild(stage, world.primary.region, world.replica)

  say(`${clients} clients at work in the recovery region`)
  const workload = await world.startWorkload(clients)
  await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
  await requireUnfilled(world.folder)
  say('failing back')
  const begun = now()
  const input = resolveFailbackInput(policy, {
    incidentId: runId,
    reasonCode: 'DRILL',
    writer: world.replica,
    successor: rebuilt,
    pace,
    operation: 'automatic',
    applicationTier,
  })
  const run = await drive(failback, ports, { runId: `${runId}-failback`, mode: 'drill', startedBy: 'drill', input })
  await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
  await workload.stop()
  await requireUnfilled(world.folder)

  const hasMoved = run.outcome === 'succeeded'
  const writer = hasMoved ? rebuilt : world.replica
  const after = { ...stage, prefix: `${stage.prefix}-failback` }
  const observation = await observe(after, workload, begun, rebuilt, writer)
  const { measured, counted } = observation
  const follows = hasMoved ? await followsAgain(stage, rebuilt) : undefined
  const content = (run.steps['validate']?.output as { verdict?: string } | undefined)?.verdict
  return {
    played: { runbook: failback, run },
    observation,
    begun,
    writer,
    objectives: [
      exactly('outcome of the failback', 'succeeded', run.outcome),
      atMost(
        'outage of the failback, seconds',
        policy.objectives.rto.criticalServicesMinutes * 60,
        measured.outage?.seconds,
      ),
      atMost('transactions lost by the failback', 0, counted?.loss.lost),
      atMost('refused writes found in the data after the failback', 0, counted?.loss.ghost),
      exactly('content after the failback', 'pass', content),
      exactly('replica in the recovery region follows again', 'yes', follows),
    ],
  }
}

/** A new generation in a region, which follows the writer of the other one and is what its region serves from now on. */
async function rebuild({ world, say }: Stage, region: string, writer: InstanceRef): Promise<InstanceRef> {
  const spare = world.spares.find((one) => one.region === region)
  if (!spare) throw new Error(`the world has no spare instance to rebuild ${region} with`)
  say(`rebuilding ${region} as a new generation`)
  await world.rebuildReplica(writer, spare)
  world.putInService(spare)
  return spare
}

/** Whether a new replica of the recovery region holds what is written once it stands, as soon as a successor would have to. */
async function followsAgain(stage: Stage, writer: InstanceRef): Promise<'yes' | 'no'> {
  const { world, size, runId } = stage
  const { clock, database } = stage.ports
  const replica = await rebuild(stage, world.replica.region, writer)
  const { position } = await database.proveWrite(writer, `${runId}/replica-follows-again`)
  const giveUpMs = clock.monotonicMs() + size.policy.failback.waitSeconds * 1000
  // A position of its own would say nothing: it has to be one that it replays.
  const follows = async () => (await database.inRecovery(replica)) && (await database.holdsUpTo(replica, position))
  while (!(await follows())) {
    if (clock.monotonicMs() > giveUpMs) return 'no'
    await clock.sleep(LOOK_EVERY_MS)
  }
  return 'yes'
}

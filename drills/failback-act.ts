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

/**
 * The recovery region serves: rebuilds an instance in the primary region as a new generation, puts clients to work, and
 * hands over to it. Nothing that was acknowledged may be missing afterwards.
 */
export async function playFailback(stage: Stage): Promise<PlayedFailback> {
  const { world, ports, runId, say, size } = stage
  const { policy, clients } = size
  const { pace, workload: usual, applicationTier } = policy.rehearsal
  const [rebuilt] = world.spares
  if (!rebuilt) throw new Error('the world has no spare instance to rebuild the primary region with')
  say('rebuilding the primary region as a new generation')
  await world.rebuildReplica(world.replica, rebuilt)
  world.putInService(rebuilt)

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

  const writer = run.outcome === 'succeeded' ? rebuilt : world.replica
  const after = { ...stage, prefix: `${stage.prefix}-failback` }
  const observation = await observe(after, workload, begun, rebuilt, writer)
  const { measured, counted } = observation
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
    ],
  }
}

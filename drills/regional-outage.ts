import { drawCharts } from '../adapters/local/charts'
import { requireUnfilled } from '../adapters/local/disk-space'
import { projectRegionFailover, REGION_FAILOVER_PHASES } from '../core/measurement'
import type { Reporter } from '../core/ports/reporter'
import { drive } from '../core/runbook/engine'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import { conclude, type Rehearsed } from './conclusion'
import { playFailback } from './failback-act'
import { judgeFailover } from './failover-judgement'
import { observe } from './observation'
import { onStage, type DrillSize, type DrillSurroundings } from './stage'
import { strike } from './strike'

export interface RegionalOutageOptions extends DrillSize {
  readonly fault: 'process' | 'host' | 'hang' | 'partition'
  readonly replication: 'sync' | 'async'
  /** Holds the replica back for this long before the fault; 0 leaves it alone. */
  readonly replayPausedSeconds: number
  /** Whether the primary region takes over again at the end, without loss. @default false */
  readonly failback?: boolean
  /** @default none: everything stands on this machine */
  readonly surroundings?: DrillSurroundings
}

/** Rehearses the loss of the primary region on a real PostgreSQL and judges what its clients saw. */
export function regionalOutage(
  options: RegionalOutageOptions,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<Rehearsed> {
  const { policy, fault, replication, replayPausedSeconds, surroundings } = options
  const { pace, workload: usual, applicationTier } = policy.rehearsal
  const scenery = {
    drill: 'regional-outage',
    size: options,
    world: { replication },
    ...(surroundings && { surroundings }),
  }
  return onStage(scenery, reporter, async (stage) => {
    const { world, ports, runId, say } = stage
    say(`${options.clients} clients at work`)
    const workload = await world.startWorkload(options.clients)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
    const tryOldPrimary = await world.rememberOldPrimary()
    if (replayPausedSeconds > 0) {
      say(`holding the replica back for ${replayPausedSeconds} s`)
      await world.faults.pauseReplay()
      await ports.clock.sleep(replayPausedSeconds * 1000)
    }
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)

    const struck = await strike(stage, fault, fault)
    const input = resolveMoveInput(policy, {
      incidentId: runId,
      reasonCode: 'DRILL',
      writer: world.primary,
      successor: world.replica,
      pace,
      operation: 'automatic',
      applicationTier,
    })
    const run = await drive(regionFailover, ports, { runId, mode: 'drill', startedBy: 'drill', input })

    await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
    say('bringing the old primary back and trying to write to it')
    await world.faults.heal(fault)
    const oldPrimary = await tryOldPrimary()
    await workload.stop()
    await requireUnfilled(world.folder)

    const writer = run.outcome === 'succeeded' ? world.replica : undefined
    const observation = await observe(stage, workload, struck, world.replica, writer)
    const judgement = judgeFailover(policy, {
      struck,
      run,
      observation,
      oldPrimary,
      phases: REGION_FAILOVER_PHASES,
      project: projectRegionFailover,
      isSynchronous: replication === 'sync',
    })
    const back = options.failback && run.outcome === 'succeeded' ? await playFailback(stage) : undefined
    const { regions } = world.plan
    return conclude(
      stage,
      {
        ...judgement,
        objectives: [...judgement.objectives, ...(back?.objectives ?? [])],
        runs: [{ runbook: regionFailover, run }, ...(back ? [back.played] : [])],
        observation,
        oldPrimary,
        record: {
          measurements: {
            fault,
            replication,
            replayPausedSeconds,
            failbackOutageSeconds: back?.observation.measured.outage?.seconds ?? null,
          },
          controls: ['RTO-CRITICAL-SERVICES', 'RPO-PATIENT-DATA', 'SINGLE-WRITER'],
        },
        scene: { fault, replication, from: regions.primary, to: regions.recovery },
      },
      draw,
    )
  })
}

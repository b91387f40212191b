import { drawCharts } from '../adapters/local/charts'
import { requireUnfilled } from '../adapters/local/disk-space'
import { atMost, projectZoneFailover, ZONE_FAILOVER_PHASES } from '../core/measurement'
import type { AlarmId } from '../core/detection/alarms'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { InstanceRef } from '../core/ports/database'
import type { Reporter } from '../core/ports/reporter'
import { drive } from '../core/runbook/engine'
import { zoneFailover } from '../core/runbook/zone-failover'
import { resolveZoneFailoverInput } from '../core/runbook/zone-failover/input'
import { conclude, type Rehearsed } from './conclusion'
import { judgeFailover } from './failover-judgement'
import { leaveBackups } from './left-backups'
import { observe } from './observation'
import { ring } from './incident'
import { onStage, type DrillSize } from './stage'
import { strike } from './strike'

export interface DatabaseFailureOptions extends DrillSize {
  /** The primary's server dies, or all its processes hang; the rest of its region works. */
  readonly fault: 'process' | 'hang'
  /** How the standby in the other zone is kept in step. RDS knows `sync` alone. */
  readonly zone: 'sync' | 'async'
  /** Whether it leaves what the daily checks look at. @default false */
  readonly leavesBackups?: boolean
}

/** Rehearses the failure of the primary database inside its region: the standby of the other zone takes over. */
export function databaseFailure(
  options: DatabaseFailureOptions,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<Rehearsed> {
  const { policy, fault, zone } = options
  const { pace, workload: usual, applicationTier } = policy.rehearsal
  const scenery = { drill: 'database-failure', size: options, world: { replication: 'async', zone } } as const
  return onStage(scenery, reporter, async (stage) => {
    const { world, ports, runId, say } = stage
    await bringUpApplication(ports, applicationTier)
    say(`${options.clients} clients at work`)
    const workload = await world.startWorkload(options.clients)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
    const tryOldPrimary = await world.rememberOldPrimary()
    const countOldProcesses = world.rememberServer(world.primary)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)

    const struck = await strike(stage, fault === 'hang' ? 'database-hang' : fault, fault)
    const answered = await stage.incidents.open(ring(await alarmOfLoss(ports, world.primary), world.primary.region))
    const input = resolveZoneFailoverInput(policy, {
      incidentId: answered.incident.id,
      reasonCode: 'DRILL',
      instance: world.primary,
      observer: world.replica,
      pace,
      operation: 'automatic',
      applicationTier,
    })
    const run = await drive(zoneFailover, ports, { runId, mode: 'drill', startedBy: 'drill', input })

    await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
    say('looking for the old server and trying to write to it')
    const oldPrimary = await tryOldPrimary()
    const oldProcesses = await countOldProcesses()
    await workload.stop()
    await requireUnfilled(world.folder)

    const writer = run.outcome === 'succeeded' ? world.primary : undefined
    const observation = await observe(stage, workload, struck, world.primary, writer)
    const judgement = judgeFailover(policy, {
      struck,
      run,
      observation,
      oldPrimary,
      phases: ZONE_FAILOVER_PHASES,
      project: projectZoneFailover,
      isSynchronous: zone === 'sync',
    })
    const { serving, standby } = world.plan.zones
    const rehearsed = await conclude(
      stage,
      {
        ...judgement,
        objectives: [...judgement.objectives, atMost('processes left of the old server', 0, oldProcesses)],
        answered,
        runs: [{ runbook: zoneFailover, run }],
        observation,
        oldPrimary,
        record: {
          measurements: { fault, zone, oldProcesses },
          controls: ['RTO-CRITICAL-SERVICES', 'RPO-PATIENT-DATA', 'SINGLE-WRITER'],
        },
        scene: { fault, replication: zone, from: serving, to: standby },
      },
      draw,
    )
    if (options.leavesBackups) await leaveBackups(stage, world.primary)
    return rehearsed
  })
}

/**
 * What a database that is lost sets off: the control plane of its region says that it is failing over, or nothing of the region
 * answers any more.
 */
async function alarmOfLoss({ inventory }: Pick<Ports, 'inventory'>, primary: InstanceRef): Promise<AlarmId> {
  const told = await inventory.describe(primary).catch(() => undefined)
  return told && told.status !== 'available' ? 'database-failing-over' : 'region-lost'
}

/** The application of the region runs before anything fails, as in production. */
async function bringUpApplication(
  { application }: Pick<Ports, 'application'>,
  tier: Policy['applicationTier'],
): Promise<void> {
  if (tier.mode === 'none') return
  for (const hook of tier.hooks) await application.bringUp(hook, { key: `before-the-fault/${hook.name}` })
}

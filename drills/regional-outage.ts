import { drawCharts } from '../adapters/local/charts'
import { requireUnfilled } from '../adapters/local/disk-space'
import { projectRegionFailover, REGION_FAILOVER_PHASES, type WorkloadMeasurement } from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Reporter } from '../core/ports/reporter'
import { drive } from '../core/runbook/engine'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import { serverAt } from '../adapters/local/client-recipe'
import { observeClinic } from './clinic-judgement'
import { conclude, type Rehearsed } from './conclusion'
import { controlsBeforehand, type ControlsOptions } from './controls-in-the-dark'
import { playFailback } from './failback-act'
import { judgeFailover } from './failover-judgement'
import { leaveBackups } from './left-backups'
import { plantLedgerProbes } from './ledger-probes'
import { observe } from './observation'
import { ring } from './incident'
import { onStage, type DrillSize, type DrillSurroundings } from './stage'
import { strike } from './strike'
import { weakClientsRefused } from './weak-clients'

export interface RegionalOutageOptions extends DrillSize {
  readonly fault: 'process' | 'host' | 'hang' | 'partition'
  readonly replication: 'sync' | 'async'
  /** Holds the replica back for this long before the fault; 0 leaves it alone. */
  readonly replayPausedSeconds: number
  /** Whether the primary region takes over again at the end, without loss. @default false */
  readonly failback?: boolean
  /**
   * Has the clinic's HTTP application, settings and assets in both regions, and clients, replication and copies cross the
   * given distance between them; 0 is none. @default the database alone
   */
  readonly clinic?: { readonly roundTripMs: number }
  /** Validates every control in the recovery region while the primary one is dark. @default nothing is validated */
  readonly controls?: ControlsOptions
  /** Whether it leaves what the daily checks look at. @default false */
  readonly leavesBackups?: boolean
  /** @default none: everything stands on this machine */
  readonly surroundings?: DrillSurroundings
}

/** Rehearses the loss of the primary region on a real PostgreSQL and judges what its clients saw. */
export function regionalOutage(
  options: RegionalOutageOptions,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<Rehearsed> {
  const { policy, fault, replication, replayPausedSeconds, clinic: wanted, surroundings } = options
  const { pace, workload: usual, applicationTier } = policy.rehearsal
  const scenery = {
    drill: 'regional-outage',
    size: options,
    world: { replication, ...(wanted && { clinic: 'programs' as const, oneWayMs: wanted.roundTripMs / 2 }) },
    ...(surroundings && { surroundings }),
  }
  return onStage(scenery, reporter, async (stage) => {
    const { world, ports, runId, say } = stage
    const controls = options.controls && (await controlsBeforehand(stage, options.controls))
    const clinic = wanted && (await world.openClinic())
    say(`${options.clients} clients at work`)
    const workload = await world.startWorkload(options.clients)
    const probes = await plantLedgerProbes(stage)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
    const tryOldPrimary = await world.rememberOldPrimary()
    if (replayPausedSeconds > 0) {
      say(`holding the replica back for ${replayPausedSeconds} s`)
      await world.faults.pauseReplay()
      await ports.clock.sleep(replayPausedSeconds * 1000)
    }
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)

    await probes.accept()
    const struck = await strike(stage, fault, fault)
    const answered = await stage.incidents.open(ring('region-lost', world.replica.region))
    const input = resolveMoveInput(policy, {
      incidentId: answered.incident.id,
      reasonCode: 'DRILL',
      writer: world.primary,
      successor: world.replica,
      pace,
      operation: 'automatic',
      applicationTier,
    })
    const run = await drive(regionFailover, ports, { runId, mode: 'drill', startedBy: 'drill', input })
    // Before the old region comes back and could still deliver what was missing.
    const served = clinic && { ...(await clinic.served()), sealed: await clinic.sealed() }
    const validated = run.outcome === 'succeeded' ? await controls?.inTheDark(struck) : undefined

    await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
    say('bringing the old primary back and trying to write to it')
    await world.faults.heal(fault)
    const oldPrimary = await tryOldPrimary()
    await Promise.all([workload.stop(), clinic?.leave()])
    await requireUnfilled(world.folder)

    const writer = run.outcome === 'succeeded' ? world.replica : undefined
    const observation = await observe(stage, workload, struck, world.replica, writer)
    const kept = [...(await probes.objectives(writer)), await weakClientsRefused(stage, writer)]
    const judgement = judgeFailover(policy, {
      struck,
      run,
      observation,
      ...(clinic &&
        served && {
          clinic: await observeClinic(
            clinic,
            served,
            struck,
            serverAt(world.endpointOf(world.replica)),
            writer && ((work) => world.withInstance(writer, work)),
          ),
        }),
      oldPrimary,
      phases: REGION_FAILOVER_PHASES,
      project: projectRegionFailover,
      isSynchronous: replication === 'sync',
    })
    const back = options.failback && run.outcome === 'succeeded' ? await playFailback(stage) : undefined
    const { regions } = world.plan
    const rehearsed = await conclude(
      stage,
      {
        ...judgement,
        objectives: [...judgement.objectives, ...kept, ...(validated?.objectives ?? []), ...(back?.objectives ?? [])],
        ...(validated?.validatedSeconds !== undefined && { validatedSeconds: validated.validatedSeconds }),
        answered,
        runs: [{ runbook: regionFailover, run }, ...(back ? [back.played] : [])],
        observation,
        oldPrimary,
        record: {
          measurements: {
            fault,
            replication,
            replayPausedSeconds,
            ...(wanted && { roundTripMs: wanted.roundTripMs }),
            ...performance(observation.measured.phases),
            ...validated?.measurements,
            failbackOutageSeconds: back?.observation.measured.outage?.seconds ?? null,
          },
          controls: ['RTO-CRITICAL-SERVICES', 'RPO-PATIENT-DATA', 'SINGLE-WRITER', 'ERASURE-LEDGER'],
        },
        notes: wanted ? distance(policy.rehearsal, wanted.roundTripMs) : [],
        scene: { fault, replication, from: regions.primary, to: regions.recovery },
      },
      draw,
    )
    if (options.leavesBackups) await leaveBackups(stage, back?.writer ?? writer ?? world.primary)
    return rehearsed
  })
}

/** How well clients were served before the fault and after the recovery. Null: not measured. */
const performance = ({ before, after }: WorkloadMeasurement['phases']) => ({
  perSecondBefore: before.acknowledgedPerSecond,
  medianBeforeMs: before.p50Ms ?? null,
  p99BeforeMs: before.p99Ms ?? null,
  perSecondAfter: after.acknowledgedPerSecond,
  medianAfterMs: after.p50Ms ?? null,
  p99AfterMs: after.p99Ms ?? null,
})

const distance = ({ content, distance: usual }: Policy['rehearsal'], roundTripMs: number): string[] => [
  `Clients stay in the old region: once traffic has moved, their writes cross a simulated distance of ${roundTripMs} ms there and back, as do replication and the copies of settings and assets. ${roundTripMs === usual.roundTripMs ? `Where that number is from: ${usual.source}.` : 'That number was given with the drill.'}`,
  'Health checks, fencing and coordination cross no distance here: at the pace of the rehearsal their deadlines are shorter than in production by far more than the distance would take.',
  `A setting waits for ${content.configurationCopySeconds} s and an asset for ${content.assetReplicationSeconds} s before it is copied, a fraction of what their mechanisms may take in production. The RPOs of both are what was acknowledged before the fault and not served by the recovery region after it, at that pace.`,
  'The RPO of critical data is that of the invoices written through the API, the RPO of patient data that of the records written by the clients of the database.',
]

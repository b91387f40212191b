import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drawCharts } from '../adapters/local/charts'
import { systemClock } from '../adapters/local/clock'
import { explained, requireUnfilled, watchRoom } from '../adapters/local/disk-space'
import { startWorld, type LocalWorld } from '../adapters/local/world'
import type { Outside } from '../adapters/local/world-plan'
import {
  acceptedByOldPrimary,
  breakDown,
  drillResultSchema,
  failoverObjectives,
  measureWorkload,
  phaseSeconds,
  projectRegionFailover,
  REGION_FAILOVER_PHASES,
  verdictOf,
  type DrillResult,
  type WorkloadMeasurement,
} from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { Reporter } from '../core/ports/reporter'
import { drillCharts, drillReport, type AttemptList } from '../core/reporting'
import { drive } from '../core/runbook/engine'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import { isDeclaredWithin } from './detection'
import { openDrillEvidence } from './drill-evidence'
import { readEvents } from './logs'
import { countLoss } from './lost-transactions'

export interface RegionalOutageOptions {
  readonly policy: Policy
  readonly fault: 'process' | 'host' | 'hang' | 'partition'
  readonly replication: 'sync' | 'async'
  readonly rows: number
  readonly clients: number
  /** Holds the replica back for this long before the fault; 0 leaves it alone. */
  readonly replayPausedSeconds: number
  /** Folder of evidence, keys and reports. */
  readonly folder: string
  /** @default none: everything stands on this machine */
  readonly surroundings?: DrillSurroundings
}

/** What a drill goes through besides the local world. */
export interface DrillSurroundings {
  readonly outside: Outside
  /** Called once the world stands, before its clients start. */
  before(world: LocalWorld): Promise<void>
  /** Ports of the run, made of those of the local world. */
  ports(local: Ports): Ports
}

const NONE: AttemptList = { count: 0, ids: [] }
const NOTHING_COUNTED = { lost: NONE, ghost: NONE, unknown: NONE }

/** Longest a fault may stay unnoticed before the drill itself gives up; not an objective. */
const DETECTION_GIVES_UP_MS = 60_000

/** A drill's answer and what its clients saw in detail. */
export interface RehearsedOutage {
  readonly result: DrillResult
  readonly measured: WorkloadMeasurement
}

/** Rehearses the loss of the primary region on a real PostgreSQL and judges what its clients saw. */
export async function regionalOutage(
  options: RegionalOutageOptions,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<RehearsedOutage> {
  const { policy, fault, folder } = options
  const { pace, workload: usual } = policy.rehearsal
  const runId = `drill-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })

  say('building two regions and a witness')
  const { surroundings } = options
  const world = await startWorld({
    policy,
    rows: options.rows,
    replication: options.replication,
    ...(surroundings && { outside: surroundings.outside }),
  })
  const endWatch = watchRoom(world.folder)
  try {
    const { regions, instances } = world.plan
    const evidence = await openDrillEvidence(folder, regions.recovery, policy, systemClock)
    await surroundings?.before(world)
    const local = world.ports(evidence.chain, reporter)
    const ports = surroundings?.ports(local) ?? local
    const primary = { region: regions.primary, instance: instances.primary }
    const replica = { region: regions.recovery, instance: instances.replica }

    say(`${options.clients} clients at work`)
    const workload = await world.startWorkload(options.clients)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
    const tryOldPrimary = await world.rememberOldPrimary()
    if (options.replayPausedSeconds > 0) {
      say(`holding the replica back for ${options.replayPausedSeconds} s`)
      await world.faults.pauseReplay()
      await ports.clock.sleep(options.replayPausedSeconds * 1000)
    }
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)

    await requireUnfilled(world.folder)
    say(`fault: ${fault}`)
    const faultNs = process.hrtime.bigint()
    const faultAt = new Date().toISOString()
    await world.faults.inject(fault)
    if (!(await isDeclaredWithin(DETECTION_GIVES_UP_MS, ports, pace, primary, replica)))
      throw new Error(
        `the fault was not detected within ${DETECTION_GIVES_UP_MS / 1000} s; see the health signals of the local world`,
      )
    await requireUnfilled(world.folder)
    const input = resolveMoveInput(policy, {
      incidentId: runId,
      reasonCode: 'DRILL',
      writer: primary,
      successor: replica,
      pace,
      operation: 'automatic',
      applicationTier: policy.rehearsal.applicationTier,
    })
    const run = await drive(regionFailover, ports, { runId, mode: 'drill', startedBy: 'drill', input })

    await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
    say('bringing the old primary back and trying to write to it')
    await world.faults.heal(fault)
    const oldPrimary = await tryOldPrimary()
    await workload.stop()
    await requireUnfilled(world.folder)

    say('counting what was lost')
    const measured = await measureWorkload(readEvents(workload.logPath), {
      faultNs,
      recoveredEndpoint: world.endpointOf(world.replica).name,
      bucketSeconds: 0.25,
    })
    const reports = join(folder, 'reports')
    await mkdir(reports, { recursive: true })
    const counted =
      run.outcome === 'succeeded'
        ? await world.withInstance(world.replica, (writer) => countLoss(writer, workload, join(reports, `${runId}-`)))
        : undefined
    const loss = counted?.loss
    const steps = Object.entries(run.steps)
    const phases = breakDown({
      faultAt,
      steps: steps.map(([name, { finishedAt }]) => ({ name, ...(finishedAt ? { finishedAt } : {}) })),
      endsWith: REGION_FAILOVER_PHASES,
      ...(measured.servedAgainAt ? { servedAgainAt: measured.servedAgainAt } : {}),
    })
    const phase = phaseSeconds(phases)
    const projection = projectRegionFailover(policy, { reconnectSeconds: phase.reconnectSeconds ?? 0 })
    const validated = run.steps['validate']
    const objectives = failoverObjectives(policy.objectives, {
      outageSeconds: measured.outage?.seconds,
      projectedOutageSeconds: projection.totalSeconds,
      rpoSeconds: loss?.rpoSeconds,
      dataRecoverySeconds: validated?.finishedAt
        ? (Date.parse(validated.finishedAt) - Date.parse(faultAt)) / 1000
        : undefined,
      content: (validated?.output as { verdict?: 'pass' | 'fail' | 'inconclusive' } | undefined)?.verdict,
      ghosts: loss?.ghost,
      disagreements: counted?.disagreements,
      oldPrimaryWritesAccepted: acceptedByOldPrimary(oldPrimary),
      ...(options.replication === 'sync' && loss ? { lostUnderSync: loss.lost } : {}),
    })
    const reportPath = join(reports, `${runId}.html`)
    const artefacts = counted?.artefacts ?? []
    const verdict = run.outcome === 'succeeded' ? verdictOf(objectives) : 'fail'
    const measurements: DrillResult['measurements'] = {
      outageSeconds: measured.outage?.seconds ?? null,
      ...phase,
      rpoSeconds: loss?.rpoSeconds ?? null,
      acknowledged: loss?.acknowledged ?? measured.acknowledged,
      lost: loss?.lost ?? null,
      ghost: loss?.ghost ?? null,
      unknown: loss?.unknown ?? measured.unknown,
    }
    const record = await evidence.record(verdict, {
      key: runId,
      subject: 'regional-outage',
      startedAt,
      measurements: {
        run: runId,
        fault,
        replication: options.replication,
        clients: options.clients,
        patients: options.rows,
        replayPausedSeconds: options.replayPausedSeconds,
        ...measurements,
        missed: objectives.filter(({ met }) => !met).length,
      },
      artefacts: artefacts.map(({ name, sha256 }) => ({ name, sha256 })),
      controls: ['RTO-CRITICAL-SERVICES', 'RPO-PATIENT-DATA', 'SINGLE-WRITER'],
    })
    const ofRunbook = run.steps['report']?.output as { evidence: string; sequence: number; hash: string } | undefined
    const result: DrillResult = drillResultSchema.parse({
      drill: 'regional-outage',
      verdict,
      objectives,
      measurements,
      steps: steps.map(([name, step]) => ({
        name,
        title: regionFailover.steps.find(({ id }) => id === name)?.title ?? name,
        outcome: step.status,
        attempts: step.attempt,
        startedAt: step.startedAt ?? null,
        seconds:
          step.startedAt && step.finishedAt ? (Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1000 : null,
      })),
      evidence: [
        ...(ofRunbook
          ? [{ id: ofRunbook.evidence, sequence: ofRunbook.sequence, hash: ofRunbook.hash, artefacts: [] }]
          : []),
        { ...record, artefacts: [...artefacts] },
      ].map((entry) => ({ ...entry, region: regions.recovery })),
      report: reportPath,
    })
    const context = {
      environment: policy.environment,
      policyHash: evidence.policyHash,
      startedAt,
      fault,
      replication: options.replication,
      from: regions.primary,
      to: regions.recovery,
      clients: options.clients,
      phases,
      ...(counted?.ids ?? NOTHING_COUNTED),
      projection: { ...projection, targetSeconds: policy.objectives.rto.criticalServicesMinutes * 60 },
      oldPrimary: oldPrimary.map(({ path, role, outcome, code }) => ({
        way: path,
        role,
        refused: outcome === 'refused',
        code: code ?? outcome,
      })),
      notes: [],
    }
    const charts = await draw(drillCharts(measured, phases))
    await writeFile(reportPath, drillReport(result, measured, context, charts))
    return { result, measured }
  } catch (error) {
    throw await explained(error, world.folder)
  } finally {
    endWatch()
    await world.remove()
  }
}

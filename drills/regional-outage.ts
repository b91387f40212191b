import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { drawCharts } from '../adapters/local/charts'
import { explained, requireUnfilled } from '../adapters/local/disk-space'
import { FolderWriteOnceStore } from '../adapters/local/folder-write-once-store'
import { KeyFileSigner } from '../adapters/local/key-file-signer'
import { startWorld, type LocalWorld } from '../adapters/local/world'
import { measureLoss } from '../adapters/postgres/loss'
import { isDeclared, observe, QUIET } from '../core/detection/detector'
import { contentHash, EvidenceChain, writeCheckpoint } from '../core/evidence'
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
  type WorkloadEvent,
} from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { Reporter } from '../core/ports/reporter'
import { drillCharts, drillReport, type AttemptList } from '../core/reporting'
import { drive } from '../core/runbook/engine'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveFailoverInput } from '../core/runbook/region-failover/resolve-input'

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
}

/** Longest a fault may stay unnoticed before the drill itself gives up; not an objective. */
const DETECTION_GIVES_UP_MS = 60_000
const SHOWN_IDS = 20
const OUTCOMES = { pass: 'succeeded', fail: 'failed', inconclusive: 'inconclusive' } as const

/** Rehearses the loss of the primary region on a real PostgreSQL and judges what its clients saw. */
export async function regionalOutage(
  options: RegionalOutageOptions,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<DrillResult> {
  const { policy, fault, folder } = options
  const { pace, workload: usual } = policy.rehearsal
  const runId = `drill-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })

  say('building two regions and a witness')
  const world = await startWorld({ policy, rows: options.rows, replication: options.replication })
  try {
    const { regions, instances } = world.plan
    const store = new FolderWriteOnceStore(join(folder, 'evidence'))
    const signer = await KeyFileSigner.open(join(folder, 'keys'), regions.recovery)
    const policyHash = contentHash(policy)
    const chain = new EvidenceChain(store, {
      region: regions.recovery,
      writer: 'drill',
      environment: policy.environment,
      policyHash,
    })
    const ports = world.ports(chain, reporter)
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
    await detect(ports, pace, primary, replica)
    await requireUnfilled(world.folder)
    const input = resolveFailoverInput(policy, {
      incidentId: runId,
      reasonCode: 'DRILL',
      primary,
      replica,
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
    const measured = await measureWorkload(readLog(workload.logPath), {
      faultNs,
      recoveredEndpoint: world.endpoints.replica.name,
      bucketSeconds: 0.25,
    })
    const { loss, ids } = await countLoss(world, workload.logPath, run.outcome === 'succeeded')
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
      oldPrimaryWritesAccepted: acceptedByOldPrimary(oldPrimary),
      ...(options.replication === 'sync' && loss ? { lostUnderSync: loss.lost } : {}),
    })
    const reportPath = join(folder, 'reports', `${runId}.html`)
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
    const record = await chain.append({
      key: runId,
      kind: 'drill',
      subject: 'regional-outage',
      startedAt,
      finishedAt: new Date().toISOString(),
      outcome: OUTCOMES[verdict],
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
      artefacts: [],
      controls: ['RTO-CRITICAL-SERVICES', 'RPO-PATIENT-DATA', 'SINGLE-WRITER'],
      actor: 'drill',
    })
    await writeCheckpoint({ store, signer, clock: ports.clock, chain, others: [], reason: 'runbook' })
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
        ...(ofRunbook ? [{ id: ofRunbook.evidence, sequence: ofRunbook.sequence, hash: ofRunbook.hash }] : []),
        record,
      ].map((entry) => ({ ...entry, region: regions.recovery })),
      report: reportPath,
    })
    const context = {
      environment: policy.environment,
      policyHash,
      startedAt,
      fault,
      replication: options.replication,
      from: regions.primary,
      to: regions.recovery,
      clients: options.clients,
      phases,
      lost: ids.lost,
      ghost: ids.ghost,
      unknown: ids.unknown,
      projection: { ...projection, targetSeconds: policy.objectives.rto.criticalServicesMinutes * 60 },
      oldPrimary: oldPrimary.map(({ path, role, outcome, code }) => ({
        way: path,
        role,
        refused: outcome === 'refused',
        code: code ?? outcome,
      })),
      notes: [],
    }
    await mkdir(join(folder, 'reports'), { recursive: true })
    const charts = await draw(drillCharts(measured, phases))
    await writeFile(reportPath, drillReport(result, measured, context, charts))
    return result
  } catch (error) {
    throw await explained(error, world.folder)
  } finally {
    await world.remove()
  }
}

async function detect(
  ports: Ports,
  pace: Policy['pace'],
  primary: { region: string; instance: string },
  replica: { region: string; instance: string },
): Promise<void> {
  const { detection } = pace
  const { clock } = ports
  const began = clock.monotonicMs()
  for (let seen = QUIET; ;) {
    const started = clock.monotonicMs()
    seen = observe(seen, await ports.health.signals(primary, replica), started)
    if (isDeclared(seen, detection, clock.monotonicMs())) return
    if (clock.monotonicMs() - began > DETECTION_GIVES_UP_MS)
      throw new Error(
        `the fault was not detected within ${DETECTION_GIVES_UP_MS / 1000} s; see the health signals of the local world`,
      )
    await clock.sleep(Math.max(0, detection.probeEverySeconds * 1000 - (clock.monotonicMs() - started)))
  }
}

const empty = (): { count: number; ids: { client: number; sequence: number }[] } => ({ count: 0, ids: [] })

async function countLoss(world: LocalWorld, logPath: string, recovered: boolean) {
  const ids = { lost: empty(), ghost: empty(), unknown: empty() }
  if (!recovered) return { loss: undefined, ids: ids as Record<keyof typeof ids, AttemptList> }
  const loss = await world.withRecovered((writer) =>
    measureLoss(writer, readLog(logPath), (kind, found) => {
      ids[kind].count += found.length
      ids[kind].ids.push(...found.slice(0, SHOWN_IDS - ids[kind].ids.length))
    }),
  )
  return { loss, ids: ids as Record<keyof typeof ids, AttemptList> }
}

/** A killed workload may leave half a line at the end; that attempt was never answered. */
async function* readLog(path: string): AsyncGenerator<WorkloadEvent> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.endsWith('}')) yield JSON.parse(line) as WorkloadEvent
  }
}

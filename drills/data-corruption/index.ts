import { drawCharts } from '../../adapters/local/charts'
import { requireUnfilled } from '../../adapters/local/disk-space'
import { atMost, projectRegionFailover, REGION_FAILOVER_PHASES } from '../../core/measurement'
import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import type { Reporter } from '../../core/ports/reporter'
import { respondToCorruption } from '../../core/runbook/corruption-response'
import { drive } from '../../core/runbook/engine'
import type { RunState } from '../../core/runbook/model'
import { pointInTimeRecovery } from '../../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../../core/runbook/point-in-time-recovery/input'
import { regionFailover } from '../../core/runbook/region-failover'
import { resolveMoveInput } from '../../core/runbook/steps/resolve-input'
import { conclude, type Rehearsed } from '../conclusion'
import { judgeFailover } from '../failover-judgement'
import { ring, type OpenedIncident } from '../incident'
import { plantLedgerProbes } from '../ledger-probes'
import { observe } from '../observation'
import type { PlayedRun } from '../played-run'
import { withSecondPerson } from '../second-person'
import { onStage, type DrillSize, type Stage } from '../stage'
import { flipPage, rewriteValues } from './damage'
import { plantDeletion } from './deletion'
import { examine, notice, type Found } from './detection'
import { judgePointInTime } from './judgement'

export interface DataCorruptionOptions extends DrillSize {
  /** Bytes of a page change on the primary's disk; or a program rewrites values of every row. */
  readonly kind: 'page' | 'application'
}

/**
 * Rehearses data that is wrong: the checks have to notice it, and what they find decides how it is recovered. A damaged page
 * is left behind with its disk; wrong values are left behind with the time after them.
 */
export function dataCorruption(
  options: DataCorruptionOptions,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<Rehearsed> {
  const { policy, kind } = options
  const { workload: usual } = policy.rehearsal
  const scenery = { drill: 'data-corruption', size: options, world: { replication: 'async', backups: true } } as const
  return onStage(scenery, reporter, async (stage) => {
    const { world, ports, say } = stage
    say(`${options.clients} clients at work`)
    const workload = await world.startWorkload(options.clients)
    const probes = await plantLedgerProbes(stage)
    const deletion = await plantDeletion(stage)
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)
    const tryOldPrimary = await world.rememberOldPrimary()
    await ports.clock.sleep((usual.beforeFaultSeconds * 1000) / 2)

    say(kind === 'page' ? 'damage: a page on the disk of the primary' : 'damage: an update without its condition')
    const damage = await (kind === 'page' ? flipPage(stage) : rewriteValues(stage))
    const { found, answered } = await detect(stage)
    // After what is returned to, and before anybody is closed out.
    await probes.accept()
    await deletion.carryOut()
    const { played, successor } = await recover(stage, found, answered)
    const { run } = played

    await ports.clock.sleep(usual.afterRecoverySeconds * 1000)
    say('trying to write to the old primary')
    const oldPrimary = await tryOldPrimary()
    await workload.stop()
    await requireUnfilled(world.folder)

    const writer = run.outcome === 'succeeded' ? successor : undefined
    const observation = await observe(stage, workload, damage.struck, successor, writer)
    const judgement =
      kind === 'page'
        ? judgePage(stage, found, {
            struck: damage.struck,
            run,
            observation,
            oldPrimary,
            phases: REGION_FAILOVER_PHASES,
            project: projectRegionFailover,
            isSynchronous: false,
          })
        : await judgePointInTime(stage, {
            damage,
            deletedRows: deletion.rows,
            found,
            run,
            observation,
            oldPrimary,
          })
    return conclude(
      stage,
      {
        ...judgement,
        objectives: [...judgement.objectives, ...(await probes.objectives(writer))],
        answered,
        runs: [played],
        observation,
        oldPrimary,
        record: {
          measurements: {
            kind,
            runbook: run.runbook,
            rewrittenRows: found.rewrite?.rows ?? 0,
            checksumFailures: found.checksumFailures,
            laterWrites: run.steps['list-later-writes']?.output ?? null,
          },
          controls: ['RTO-DATA-RECOVERY', 'DATA-INTEGRITY', 'SINGLE-WRITER', 'ERASURE-LEDGER'],
        },
        scene: {
          fault: `${kind} corruption`,
          replication: 'async',
          from: world.primary.instance,
          to: successor.instance,
        },
      },
      draw,
    )
  })
}

/** The page was noticed where it lies, and the copy that took over is free of it. */
function judgePage(stage: Stage, { checksumFailures }: Found, played: Parameters<typeof judgeFailover>[1]) {
  const judgement = judgeFailover(stage.size.policy, played)
  const noticed = atMost('damaged pages that no checksum noticed', 0, checksumFailures > 0 ? 0 : 1)
  return { ...judgement, objectives: [...judgement.objectives, noticed] }
}

/** A failed check opens the incident; what is found out about the damage then says how it is answered. */
async function detect(stage: Stage): Promise<{ readonly found: Found; readonly answered: OpenedIncident }> {
  const seen = await notice(stage)
  const found = await examine(stage, seen)
  const answered = await stage.incidents.open(ring('data-integrity', stage.world.primary.region), async () => ({
    corruption: found.findings,
  }))
  return { found, answered }
}

/** Runs what answers the findings, and says what it made the writer. */
async function recover(
  stage: Stage,
  { findings }: Found,
  { incident }: OpenedIncident,
): Promise<{ readonly played: PlayedRun; readonly successor: InstanceRef }> {
  const { world, ports, runId, size, say } = stage
  const { policy } = size
  const { pace, applicationTier } = policy.rehearsal
  const response = respondToCorruption(findings, policy.mechanisms)
  say(`the findings ask for: ${response.runbook}`)
  const about = { incidentId: incident.id, reasonCode: 'DRILL', writer: world.primary, pace, applicationTier }
  const begin = { runId, mode: 'drill', startedBy: 'drill' } as const
  switch (response.runbook) {
    case 'point-in-time-recovery': {
      const [successor] = world.spares
      if (!successor) throw new Error('this world has no name left for a copy')
      const input = resolvePointInTimeInput(policy, { ...about, successor, target: response.target })
      const run = await asked(ports, () => drive(pointInTimeRecovery, ports, { ...begin, input }))
      return { played: { runbook: pointInTimeRecovery, run }, successor }
    }
    case 'region-failover': {
      const { successor } = response
      const input = resolveMoveInput(policy, { ...about, successor, operation: 'approval' })
      const run = await asked(ports, () => drive(regionFailover, ports, { ...begin, input }))
      return { played: { runbook: regionFailover, run }, successor }
    }
    case 'zone-failover':
    case 'none':
      throw new Error(`the findings ask for '${response.runbook}', which this drill does not rehearse`)
  }
}

/** Both ask a person: the primary answers, and only the data says that it must go. */
const asked = (ports: Ports, run: () => Promise<RunState>): Promise<RunState> => withSecondPerson(ports, run)

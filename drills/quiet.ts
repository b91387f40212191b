import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { serverAt } from '../adapters/local/client-recipe'
import { systemClock } from '../adapters/local/clock'
import { explained } from '../adapters/local/disk-space'
import { startWorld, type LocalWorld } from '../adapters/local/world'
import { newestEpoch, readEpoch } from '../core/coordination/writer-epoch'
import {
  drillResultSchema,
  measureWorkload,
  NOTHING_MEASURED,
  quietObjectives,
  verdictOf,
  type DrillResult,
} from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { Reporter } from '../core/ports/reporter'
import { isDeclaredWithin } from './detection'
import { openDrillEvidence } from './drill-evidence'
import { readEvents } from './logs'
import { countLoss } from './lost-transactions'

export interface QuietOptions {
  readonly policy: Policy
  readonly rows: number
  readonly clients: number
  readonly seconds: number
  /** Folder of evidence and keys. */
  readonly folder: string
}

/**
 * Lets clients work while the primary region is stalled again and again for less than a failure lasts, and judges that
 * nothing was declared, closed, claimed or lost: a failover that nobody needed is an outage of its own.
 */
export async function quietRun(options: QuietOptions, reporter: Reporter): Promise<DrillResult> {
  const { policy, folder, seconds } = options
  const { pace, quiet, campaign } = policy.rehearsal
  const runId = `quiet-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })

  say('building two regions and a witness')
  const world = await startWorld({ policy, rows: options.rows, replication: 'async' })
  try {
    const { regions } = world.plan
    const evidence = await openDrillEvidence(folder, regions.recovery, policy, systemClock)
    const ports = world.ports(evidence.chain, reporter)
    const { primary, replica } = world

    say(
      `${options.clients} clients at work for ${seconds} s, with a stall of ${quiet.stallSeconds} s each ${quiet.stallEverySeconds} s`,
    )
    const workload = await world.startWorkload(options.clients)
    const startNs = process.hrtime.bigint()
    const [declared, stalls] = await Promise.all([
      isDeclaredWithin(seconds * 1000, ports, pace, primary, replica),
      stallUntil(seconds, world, quiet, ports),
    ])
    await workload.stop()

    say('counting')
    const measured = await measureWorkload(readEvents(workload.logPath), {
      faultNs: startNs,
      recoveredEndpoint: serverAt(world.endpointOf(world.primary)),
      bucketSeconds: 0.25,
    })
    const reports = join(folder, 'reports')
    await mkdir(reports, { recursive: true })
    const { loss, artefacts } = await world.withInstance(world.primary, (writer) =>
      countLoss(writer, workload, join(reports, `${runId}-`)),
    )
    const closed = await world.withInstance(world.primary, loginsClosed)
    const epoch = newestEpoch([
      await readEpoch(ports.coordination.recovery),
      await readEpoch(ports.coordination.witness),
    ])
    const objectives = quietObjectives(
      {
        failuresDeclared: declared ? 1 : 0,
        loginsClosed: closed,
        claims: (epoch?.epoch ?? 0) - 1,
        replicaFollows: await ports.database.inRecovery(replica),
        lost: loss.lost,
        ghosts: loss.ghost,
        acknowledgedPerSecond: measured.acknowledged / seconds,
      },
      campaign.acknowledgedPerSecond,
    )
    const verdict = verdictOf(objectives)
    const record = await evidence.record(verdict, objectives, {
      key: runId,
      subject: 'quiet',
      startedAt,
      measurements: {
        run: runId,
        seconds,
        stalls,
        clients: options.clients,
        acknowledged: loss.acknowledged,
        lost: loss.lost,
      },
      artefacts: artefacts.map(({ name, sha256 }) => ({ name, sha256 })),
      controls: ['SINGLE-WRITER'],
    })
    return drillResultSchema.parse({
      drill: 'quiet',
      verdict,
      objectives,
      measurements: {
        ...NOTHING_MEASURED,
        rpoSeconds: loss.rpoSeconds,
        acknowledged: loss.acknowledged,
        lost: loss.lost,
        ghost: loss.ghost,
        unknown: loss.unknown,
      },
      steps: [
        { name: 'stall', title: 'Stall the primary region', outcome: 'done', attempts: stalls, startedAt, seconds },
      ],
      evidence: [{ ...record, region: regions.recovery, artefacts: [...artefacts] }],
      report: null,
      lessons: evidence.lessons(runId),
    })
  } catch (error) {
    throw await explained(error, world.folder)
  } finally {
    await world.remove()
  }
}

/** Stalls the region at the pace of the policy for as long as said. Gives how often. */
async function stallUntil(
  seconds: number,
  { faults }: LocalWorld,
  { stallEverySeconds, stallSeconds }: Policy['rehearsal']['quiet'],
  { clock }: Pick<Ports, 'clock'>,
): Promise<number> {
  const end = clock.monotonicMs() + seconds * 1000
  let stalls = 0
  for (;;) {
    const next = clock.monotonicMs() + stallEverySeconds * 1000
    if (next > end) break
    await faults.stall(stallSeconds * 1000)
    stalls += 1
    await clock.sleep(Math.max(0, next - clock.monotonicMs()))
  }
  await clock.sleep(Math.max(0, end - clock.monotonicMs()))
  return stalls
}

/** Also those that were opened again since. */
async function loginsClosed(client: Client): Promise<number> {
  return (await client.query('select from recovery_guard.closed_login')).rowCount ?? 0
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../adapters/local/clock'
import { serverAt } from '../../adapters/local/client-recipe'
import { FolderWriteOnceStore } from '../../adapters/local/folder-write-once-store'
import { KeyFileSigner, readPublicKeys } from '../../adapters/local/key-file-signer'
import { processesIn, worldsLeft } from '../../adapters/local/scratch'
import type { FaultKind } from '../../adapters/local/faults'
import { startWorld, type LocalWorld } from '../../adapters/local/world'
import { contentHash, EvidenceChain, verifyEvidence, writeCheckpoint } from '../../core/evidence'
import { measureWorkload } from '../../core/measurement'
import type { Policy } from '../../core/policy'
import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import { continuationOf } from '../../core/runbook/continuation'
import { drive } from '../../core/runbook/engine'
import { failback } from '../../core/runbook/failback'
import { resolveFailbackInput } from '../../core/runbook/failback/input'
import type { RunState } from '../../core/runbook/model'
import { pointInTimeRecovery } from '../../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../../core/runbook/point-in-time-recovery/input'
import { regionFailover } from '../../core/runbook/region-failover'
import { runbookNamed } from '../../core/runbook/runbooks'
import type { MoveInput } from '../../core/runbook/steps/input'
import { resolveMoveInput } from '../../core/runbook/steps/resolve-input'
import { zoneFailover } from '../../core/runbook/zone-failover'
import { resolveZoneFailoverInput } from '../../core/runbook/zone-failover/input'
import { rewriteValues } from '../../drills/data-corruption/damage'
import { isDeclaredWithin } from '../../drills/detection'
import { readEvents } from '../../drills/logs'
import type { CountedLoss } from '../../drills/lost-transactions'
import { unlisted } from '../../drills/unlisted-writes'
import { driveThrough } from './engine'
import { playEvents } from './events'
import type { RealFacts } from './facts'
import { REAL_INVARIANTS } from './invariants'
import { countedOn, sampled, unlessPort } from './loss'
import type { RealSchedule } from './schedule'

export interface RealRunReport {
  readonly schedule: RealSchedule
  /** What was done when, in milliseconds from the start of the clients. */
  readonly observed: readonly { readonly atMs: number; readonly what: string }[]
  readonly outcome: string
  readonly stoppedBy: string | undefined
  readonly loss: RealFacts['loss'] | undefined
  /** Age of the newest lost write against the newest that survived. */
  readonly rpoSeconds: number | undefined
  readonly violations: readonly { readonly invariant: string; readonly what: string }[]
  readonly seconds: number
}

interface Size {
  readonly policy: Policy
  readonly folder: string
}

const ROWS = 500
const CLIENTS = 2
const AFTER_MS = 2_500
const DECLARED_WITHIN_MS = 15_000
/** Until somebody has found out which transaction did it. */
const UNNOTICED_MS = 1_500
/** A question that a run asks in doubt is answered by nobody here. */
const UNANSWERED_SECONDS = 5

/** Lives through a schedule once on a real PostgreSQL, and judges what happened. */
export async function runReal(schedule: RealSchedule, { policy, folder }: Size): Promise<RealRunReport> {
  const began = performance.now()
  const runId = `chaos-${schedule.seed}-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const home = join(folder, runId)
  await mkdir(join(home, 'reports'), { recursive: true })
  const world = await startWorld({
    policy,
    rows: ROWS,
    replication: schedule.replication,
    oneWayMs: schedule.oneWayMs,
    backups: schedule.runbook === 'point-in-time-recovery',
    ...(schedule.runbook === 'zone-failover' && { zone: 'sync' }),
  })
  let played: Played
  try {
    played = await play(world, schedule, { policy, home, runId })
  } finally {
    await world.remove()
  }
  const left = { worlds: await worldsLeft(), processes: (await processesIn(world.folder)).length }
  const facts = { ...played.facts, left }
  const report: RealRunReport = {
    schedule,
    observed: played.observed,
    outcome: facts.run.outcome,
    stoppedBy: facts.run.stoppedBy && `${facts.run.stoppedBy.step} ${facts.run.stoppedBy.code}`,
    loss: facts.loss,
    rpoSeconds: played.rpoSeconds,
    violations: judgeReal(facts),
    seconds: (performance.now() - began) / 1000,
  }
  await writeFile(join(home, 'schedule.json'), `${JSON.stringify(report, undefined, 2)}\n`)
  return report
}

export const judgeReal = (facts: RealFacts): RealRunReport['violations'] =>
  REAL_INVARIANTS.flatMap(({ name, broken }) => {
    const what = broken(facts)
    return what === undefined ? [] : [{ invariant: name, what }]
  })

interface Played {
  readonly facts: Omit<RealFacts, 'left'>
  readonly observed: RealRunReport['observed']
  readonly rpoSeconds: number | undefined
}

async function play(
  world: LocalWorld,
  schedule: RealSchedule,
  { policy, home, runId }: { readonly policy: Policy; readonly home: string; readonly runId: string },
): Promise<Played> {
  const { pace, applicationTier } = policy.rehearsal
  const region = world.plan.regions.recovery
  const store = new FolderWriteOnceStore(join(home, 'evidence'))
  const signer = await KeyFileSigner.open(join(home, 'keys'), region)
  const identity = { region, writer: 'chaos', environment: policy.environment, policyHash: contentHash(policy) }
  // A new engine remembers nothing of the chain that the last one wrote to.
  const portsOf = async (): Promise<Ports> =>
    world.ports(new EvidenceChain(store, identity), { emit: () => undefined }, join(home, 'reports'))
  const ports = await portsOf()
  const shared = {
    incidentId: runId,
    reasonCode: 'DRILL',
    pace,
    operation: 'automatic',
    applicationTier,
  } as const

  if (applicationTier.mode === 'hooks')
    for (const hook of applicationTier.hooks) await ports.application.bringUp(hook, { key: `before/${hook.name}` })
  const isBack = schedule.runbook === 'failback'
  const [copy] = world.spares
  const outage = schedule.fault === 'rewrite' ? undefined : schedule.fault
  const rebuilt = isBack && outage ? await movedAway(world, ports, { fault: outage }, shared, policy) : undefined

  const workload = await world.startWorkload(CLIENTS)
  const startMs = performance.now()
  const observed: { atMs: number; what: string }[] = []
  const note = (what: string) => void observed.push({ atMs: Math.round(performance.now() - startMs), what })
  let struckBy: RealSchedule['fault'] | undefined
  const tryOldPrimary = isBack ? undefined : await world.rememberOldPrimary()
  const events = playEvents(world, schedule, (by) => struckBy === by, note)
  const isRegionFailover = schedule.runbook === 'region-failover'
  const floor = sampled(world, isRegionFailover)
  await sleep(Math.max(0, schedule.faultAtMs - (performance.now() - startMs)))
  await events.stallsOver
  const struckNs = process.hrtime.bigint()
  let rewrittenBy: string | undefined
  note(isBack ? 'no fault: the move is a choice' : `fault: ${schedule.fault}`)
  if (!outage) {
    rewrittenBy = (await rewriteValues({ world })).transaction
    await sleep(UNNOTICED_MS)
  } else if (!isBack) {
    struckBy = outage
    await world.faults.inject(outage)
    const isDeclared = await isDeclaredWithin(DECLARED_WITHIN_MS, ports, pace, world.primary, world.replica)
    note(isDeclared ? 'declared lost' : 'not declared lost')
  }

  const told = { runId, mode: 'drill', startedBy: 'chaos' } as const
  note('the run starts')
  const run = await (async (): Promise<RunState | undefined> => {
    switch (schedule.runbook) {
      case 'region-failover': {
        const input = impatient(
          resolveMoveInput(policy, { ...shared, writer: world.primary, successor: world.replica }),
        )
        return driveThrough(regionFailover, portsOf, { ...told, input }, schedule, note)
      }
      case 'zone-failover': {
        const input = impatient(
          resolveZoneFailoverInput(policy, { ...shared, instance: world.primary, observer: world.replica }),
        )
        return driveThrough(zoneFailover, portsOf, { ...told, input }, schedule, note)
      }
      case 'failback': {
        const input = impatient(resolveFailbackInput(policy, { ...shared, writer: world.replica, successor: rebuilt! }))
        return driveThrough(failback, portsOf, { ...told, input }, schedule, note)
      }
      case 'point-in-time-recovery': {
        const target = { kind: 'transaction', id: rewrittenBy! } as const
        const input = impatient(
          resolvePointInTimeInput(policy, { ...shared, writer: world.primary, successor: copy!, target }),
        )
        return driveThrough(pointInTimeRecovery, portsOf, { ...told, input }, schedule, note)
      }
    }
  })()
  note(`the run ${run?.outcome ?? 'never ended'}`)
  const shipped = await floor.stop()
  await sleep(AFTER_MS)
  await events.over
  const continuation = run && continuationOf(runbookNamed(schedule.runbook), run)
  const isRecovery = schedule.runbook === 'point-in-time-recovery'
  // A copy that nobody was let into is no writer, whatever became of the right to write.
  const hasMoved =
    run?.outcome === 'succeeded' ||
    (isRecovery ? continuation?.direction === 'forward' : continuation?.direction !== 'start-over')
  const isDead = schedule.fault === 'database-hang' || schedule.runbook === 'zone-failover'
  if (outage && !isBack && !(isDead && hasMoved)) {
    await world.faults.heal(outage)
    struckBy = undefined
    note('healed')
  }
  const oldPrimary = tryOldPrimary && hasMoved ? await tryOldPrimary() : undefined
  await workload.stop()
  note('the clients stopped')

  const old = isBack ? world.replica : world.primary
  const successor = {
    'region-failover': world.replica,
    'zone-failover': world.primary,
    failback: rebuilt,
    'point-in-time-recovery': copy,
  }
  const writer = hasMoved ? successor[schedule.runbook]! : old
  const counted = await countedOn(world, workload, writer, join(home, 'reports', 'run-'), shipped)
  const measured = await measureWorkload(readEvents(workload.logPath), {
    faultNs: struckNs,
    recoveredEndpoint: serverAt(world.endpointOf(writer)),
    bucketSeconds: 0.25,
  })
  const leftBehind = isRecovery && hasMoved ? await leftBehindBy(run, world, writer, counted?.whole, home) : undefined
  const writerWrites = await ports.database.proveWrite(writer, `${runId}/end`).then(() => true, unlessPort(false))
  await writeCheckpoint({
    store,
    signer,
    clock: systemClock,
    chain: new EvidenceChain(store, identity),
    others: [],
    reason: 'runbook',
  })
  const { verdict } = await verifyEvidence({
    copies: [{ name: 'own', store }],
    keys: await readPublicKeys(join(home, 'keys')),
  })
  return {
    observed,
    rpoSeconds: counted?.rpoSeconds,
    facts: {
      run: run ?? { outcome: 'running', steps: {} },
      continuation,
      keepsEverything: !hasMoved || (!isRecovery && (schedule.replication === 'sync' || !isRegionFailover)),
      loss: counted?.loss,
      leftBehind,
      oldPrimary,
      end: {
        writerWrites,
        clientsServed: measured.servedAgainAt !== undefined || measured.phases.after.acknowledged > 0,
      },
      evidence: { verdict, outcomes: await outcomesIn(store, schedule.runbook) },
    },
  }
}

const impatient = <Input extends Pick<MoveInput, 'approvals'>>(input: Input): Input => ({
  ...input,
  approvals: { ...input.approvals, expireSeconds: UNANSWERED_SECONDS },
})

/** The region fails and comes back, with nothing else in the way; gives what was rebuilt in it. */
async function movedAway(
  world: LocalWorld,
  ports: Ports,
  { fault }: { readonly fault: FaultKind },
  shared: Pick<
    Parameters<typeof resolveMoveInput>[1],
    'incidentId' | 'reasonCode' | 'pace' | 'operation' | 'applicationTier'
  >,
  policy: Policy,
): Promise<InstanceRef> {
  const [rebuilt] = world.spares
  if (!rebuilt) throw new Error('the world has no spare instance to rebuild the primary region with')
  await world.faults.inject(fault)
  await isDeclaredWithin(DECLARED_WITHIN_MS, ports, policy.rehearsal.pace, world.primary, world.replica)
  const input = resolveMoveInput(policy, { ...shared, writer: world.primary, successor: world.replica })
  const runId = `${shared.incidentId}-away`
  const away = await drive(regionFailover, ports, { runId, mode: 'drill', startedBy: 'chaos', input })
  if (away.outcome !== 'succeeded')
    throw new Error(`there is nothing to fail back from: ${away.stoppedBy?.step} ${away.stoppedBy?.code}`)
  await world.faults.heal(fault)
  await world.rebuildReplica(world.replica, rebuilt)
  world.putInService(rebuilt)
  return rebuilt
}

/** What the copy lacks of what the clients wrote, and whether it holds what it should not. */
async function leftBehindBy(
  run: RunState | undefined,
  world: LocalWorld,
  writer: InstanceRef,
  counted: CountedLoss | undefined,
  home: string,
): Promise<RealFacts['leftBehind']> {
  const since = (run?.steps['decide']?.output as { at?: string } | undefined)?.at
  const list = run?.steps['list-later-writes']?.output as { kind?: string } | undefined
  const isListed = list?.kind === 'listed' && counted !== undefined
  return {
    unlisted: isListed ? await unlisted({ world, size: { folder: home } }, since, { counted }, list) : undefined,
    rewritten: await world.withInstance(writer, async (client) => {
      const { rows } = await client.query<{ all: boolean }>(
        `select bool_and(status = 'cancelled' and minutes = 15) as all from clinic.appointments`,
      )
      return rows[0]!.all
    }),
  }
}

async function outcomesIn(store: FolderWriteOnceStore, runbook: string): Promise<string[]> {
  const outcomes: string[] = []
  for await (const key of store.keys('records/')) {
    const record = JSON.parse((await store.get(key)) ?? '{}') as { subject: string; outcome: string }
    if (record.subject === runbook) outcomes.push(record.outcome)
  }
  return outcomes
}

/** The schedule of a report that was stored. */
export const scheduleIn = async (file: string): Promise<unknown> =>
  (JSON.parse(await readFile(file, 'utf8')) as { readonly schedule?: unknown }).schedule

import { createHash } from 'node:crypto'
import { Crashed, Recorder } from '../adapters/memory/faults'
import { MemorySigner } from '../adapters/memory/signer'
import { appendToLedger } from '../core/coordination/erasure-ledger'
import { EvidenceChain, verifyEvidence, writeCheckpoint } from '../core/evidence'
import type { Ports } from '../core/ports'
import { isPortError } from '../core/ports/errors'
import { continuationOf } from '../core/runbook/continuation'
import { drive } from '../core/runbook/engine'
import { referenceOf } from '../core/compliance/find'
import type { Guarded } from '../core/ports/compliance'
import type { InstanceRef } from '../core/ports/database'
import type { BaseInput, RunState } from '../core/runbook/model'
import type { NewRun } from '../core/runbook/reducer'
import type { MoveInput } from '../core/runbook/steps/input'
import { Arena, EVIDENCE_OF } from './arena'
import type { Conditions } from './conditions'
import { EngineFaults } from './engine-faults'
import type { Facts, MoveFacts } from './facts'
import { INVARIANTS } from './invariants'
import { Lookout } from './lookout'
import { answerByHabit } from './people'
import { DNS, LEASE, STAYS, type Scenario } from './scenario'
import { SCENARIOS } from './scenarios'
import type { Schedule } from './schedule'
import { seededRandom, type SeededRandom } from './seeded-random'
import type { Watch } from './watch'

/** One invariant that did not hold. */
export interface Violation {
  readonly invariant: string
  readonly what: string
}

export interface RunReport {
  readonly schedule: Schedule
  readonly violations: readonly Violation[]
  readonly outcome: 'succeeded' | 'stopped' | 'running' | 'never-entered'
  readonly stoppedBy: string | undefined
  /** Engines that it took, one after the other. */
  readonly engines: number
  readonly cells: ReadonlySet<string>
  /** SHA-256 over every call, its moment and its fault, and over what came of it: the same seed, the same hash. */
  readonly trace: string
}

/** Engines that are tried before a run counts as one that never ends. */
const MOST_ENGINES = 150

const signer = new MemorySigner('chaos')

/** Lives through a schedule once, and judges what happened. */
export async function runSchedule(schedule: Schedule): Promise<RunReport> {
  const scenario = SCENARIOS.find(({ name }) => name === schedule.scenario)
  if (!scenario) throw new Error(`no scenario is named '${schedule.scenario}'`)
  // Its own stream, so that a schedule with one fault less meets the same world.
  const random = seededRandom(schedule.seed ^ 0x5bd1e995)
  const run = asScheduled(scenario.run(random), schedule)
  const stage = await stageOf(schedule, scenario, run, random)
  const engines = await driveToTheEnd(stage, scenario, run, random)
  const facts = await factsOf(stage, scenario, run)
  stage.trace.update(JSON.stringify({ ...facts, evidence: facts.evidence.outcomes }))
  return {
    schedule,
    violations: INVARIANTS.flatMap(({ name, broken }) => {
      const what = broken(facts)
      return what === undefined ? [] : [{ invariant: name, what }]
    }),
    outcome: facts.run?.outcome ?? 'never-entered',
    stoppedBy: facts.run?.stoppedBy && `${facts.run.stoppedBy.step} ${facts.run.stoppedBy.code}`,
    engines,
    cells: stage.faults.cells,
    trace: stage.trace.digest('hex'),
  }
}

const asScheduled = (run: NewRun<BaseInput>, { operation }: Schedule): NewRun<BaseInput> =>
  operation ? { ...run, input: { ...run.input, operation } as BaseInput } : run

interface Stage {
  readonly arena: Arena
  readonly lookout: Lookout
  readonly watch: Watch | undefined
  readonly faults: EngineFaults
  readonly recorders: Recorder[]
  readonly trace: ReturnType<typeof createHash>
  /** What stays wrong until the end. */
  readonly accident: Partial<Conditions>
}

/** A world in which something has just happened. */
async function stageOf(
  schedule: Schedule,
  scenario: Scenario,
  run: NewRun<BaseInput>,
  random: SeededRandom,
): Promise<Stage> {
  const arena = new Arena(
    {
      lease: LEASE,
      renewEverySeconds: LEASE.renewEverySeconds,
      promotionSeconds: random.pick([1, 20, 120, 600]),
      applicationStartSeconds: random.pick([0, 5]),
      ttlSeconds: DNS.ttlSeconds,
      replication: { mode: random.pick(['sync', 'async', 'async']), writesPerSecond: 100 },
    },
    random.fork(),
  )
  const lookout = new Lookout(
    arena,
    scenario.move ? (run.input as MoveInput) : STAYS,
    LEASE,
    scenario.cursors[0] ?? 'end',
  )
  await arena.start(scenario.prepare)
  const watch = scenario.watch?.(arena, lookout, run.input)
  lookout.ledger = random.pick([0, 1, 3])
  for (let at = 1; at <= lookout.ledger; at++) await appendToLedger(arena.world.stores, erasure(at))
  // An append that was interrupted is an erasure all the same: the place that holds more counts.
  if (random.chance(0.3)) {
    await appendToLedger({ ...arena.world.stores, witness: arena.world.stores.recovery }, erasure(lookout.ledger + 1))
    lookout.ledger += 1
  }
  const faults = new EngineFaults(schedule, { arena, lookout, runbook: scenario.runbook.name, random: random.fork() })
  arena.agenda.look = async () => {
    faults.countPassing()
    await lookout.look()
    await watch?.look()
  }
  lookout.onCursor = (cursor) => faults.begin(cursor)
  await arena.agenda.pass(30_000)
  const accident = scenario.accident(random)
  lookout.onQuestion = (question) => {
    faults.countQuestion()
    const { habit } = arena.conditions
    // Nobody attests that a region is dark while it lives: that is the one proof that only people's honesty gives.
    const isLie = question.kind === 'attestation' && (accident.primary ?? 'alive') === 'alive'
    answerByHabit(
      question,
      isLie ? { ...habit, answer: 'decline' } : habit,
      { agenda: arena.agenda, clock: arena.world.clock, store: arena.world.stores.recovery },
      (answer) => lookout.answers.push(answer),
    )
  }
  faults.accident(accident)
  await arena.agenda.pass(random.between(0, 40_000))
  return { arena, lookout, watch, faults, accident, recorders: [], trace: createHash('sha256') }
}

const erasure = (at: number) =>
  ({ id: `request-${at}`, kind: 'erasure', subjectId: `s-${at}`, acceptedAt: '2026-01-01T00:00:00.000Z' }) as const

/** Starts one engine after the other until the run has ended; returns how many it took. */
async function driveToTheEnd(
  stage: Stage,
  { runbook, cursors, wakes }: Scenario,
  run: NewRun<BaseInput>,
  random: SeededRandom,
): Promise<number> {
  const { arena, lookout, faults } = stage
  const hung: Promise<unknown>[] = []
  faults.begin(cursors[0] ?? 'end')
  let engines = 0
  for (let isEnded = false; !isEnded && engines < MOST_ENGINES;) {
    const { ports, hangs } = engine(stage, engines)
    engines += 1
    const life = drive(runbook, ports, run).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof Crashed) && !isPortError(error)) throw error
        stage.trace.update(`engine ends: ${isPortError(error) ? error.code : 'died'}\n`)
        return false
      },
    )
    const came = await Promise.race([life, hangs])
    if (came === 'hangs') hung.push(life)
    isEnded = came === true
    if (!isEnded) await arena.agenda.pass(random.between(1, 60) * 1000)
  }
  if (wakes) {
    faults.end(wakes(random))
    for (let at = 0; at < 30; at++) await arena.agenda.pass(20_000)
  }
  faults.end(stage.accident.primary === 'dead' ? stage.accident : {})
  // What hung comes back at last, into a world in which the run has ended.
  for (let at = 0; at < 60; at++) await arena.agenda.pass(20_000)
  await Promise.all(hung)
  await lookout.look()
  return engines
}

/** The ports of a new engine process, and the moment in which it hangs. */
function engine({ arena, lookout, faults, recorders, trace }: Stage, number: number) {
  const recorder = new Recorder()
  recorder.keepsRequest = (call) => ONCE.has(call)
  recorders.push(recorder)
  faults.late(recorder)
  let tellHung: (value: 'hangs') => void
  const hangs = new Promise<'hangs'>((resolve) => (tellHung = resolve))
  const hang = (seconds: number): Promise<void> => {
    tellHung('hangs')
    return arena.agenda.wait(seconds * 1000)
  }
  // An engine that others have overtaken is still where it last saw the run.
  const own = { cursor: lookout.cursor }
  recorder.faultOf = async (call) => {
    const fault = await faults.of(call, own.cursor, hang)
    trace.update(`${arena.nowMs()} ${number} ${lookout.cursor} ${call} ${fault ?? ''}\n`)
    return fault
  }
  const real = arena.process(recorder)
  const { recovery } = real.coordination
  const ports: Ports = {
    ...real,
    coordination: {
      ...real.coordination,
      recovery: {
        get: async (key) => {
          const stored = await recovery.get(key)
          if (stored && key.startsWith('runs/')) own.cursor = (stored.value as unknown as RunState).cursor.state
          return stored
        },
        create: (...call) => recovery.create(...call),
        replace: (...call) => recovery.replace(...call),
        list: (...call) => recovery.list(...call),
      },
    },
    health: {
      signals: async (...call) => {
        const signals = await real.health.signals(...call)
        // An engine that others have overtaken may ask after they have decided.
        if (lookout.run?.steps['decide']?.status !== 'done')
          lookout.downKinds = [...new Set(signals.filter(({ verdict }) => verdict === 'down').map(({ kind }) => kind))]
        return signals
      },
    },
  }
  return { ports, hangs }
}

async function factsOf(
  { arena, lookout, watch, recorders }: Stage,
  { runbook, move }: Scenario,
  { input }: NewRun<BaseInput>,
): Promise<Facts> {
  const { run, journalWentBack, questions, answers } = lookout
  return {
    run,
    continuation: run && continuationOf(runbook, run),
    journalWentBack,
    keys: keysIn(recorders.flatMap(({ requests }) => requests)),
    questions,
    answers,
    evidence: await evidenceIn(arena),
    ...(move && { move: await moveFacts(arena, lookout, input as MoveInput, move.isPlanned) }),
    ...(await watch?.facts(run)),
  }
}

async function moveFacts(arena: Arena, lookout: Lookout, input: MoveInput, isPlanned: boolean): Promise<MoveFacts> {
  const { seen, heartbeats, downKinds, leaseWaitedMs } = lookout
  return {
    input,
    isPlanned,
    seen,
    writes: {
      mode: arena.replicationMode,
      acknowledged: arena.writes.acknowledged,
      promotion: arena.writes.atPromotion,
    },
    leaseWaitedMs,
    heartbeats,
    downKinds,
    end: {
      oldIsAlive: arena.conditions.primary === 'alive',
      oldWritable: arena.oldIsWritable(),
      successorWritable: arena.successorIsWritable(),
      isSuccessorServed: await arena.isServed(input.successor),
      ledgerMissing: lookout.ledgerMissing(),
      isRightWithOld: lookout.isRightWithOld(),
    },
  }
}

/** Keys under which each effect was asked for. */
function keysIn(requests: Recorder['requests']): Record<string, string[]> {
  const keys: Record<string, Set<string>> = {}
  for (const { call, args } of requests) {
    const given = args as readonly unknown[]
    const asked = given.find(
      (arg): arg is { key: string } => typeof (arg as { key?: unknown } | null)?.key === 'string' && !isThing(arg),
    )
    if (!asked) continue
    // What leads clients back is another effect than what led them there.
    const effect = asked.key.endsWith('/undo') ? `undo ${call}` : call
    ;(keys[`${effect} ${targetOf(given[0])}`.trim()] ??= new Set()).add(asked.key)
  }
  return Object.fromEntries(Object.entries(keys).map(([target, asked]) => [target, [...asked].toSorted()]))
}

const isThing = (of: unknown): of is Guarded =>
  typeof (of as { kind?: unknown; name?: unknown } | null)?.name === 'string'

/** What a call is about: a place, a database, or a thing of an account. */
function targetOf(first: unknown): string {
  if (typeof first === 'string') return first
  if (isThing(first)) return referenceOf(first)
  return (first as Partial<InstanceRef>).instance ?? ''
}

/** Calls whose effect must not happen twice. */
const ONCE: ReadonlySet<string> = new Set([
  'promotion.promote',
  'zoneStandby.failOver',
  'restore.begin',
  'trafficSwitch.point',
  'evidence.append',
  'containment.isolate',
  'containment.revoke',
  'forensics.preserve',
  'credentials.rotate',
  'remedies.restore',
  'deployments.putInForce',
])

async function evidenceIn({ evidenceStore: store, world: { clock } }: Arena): Promise<Facts['evidence']> {
  const chain = new EvidenceChain(store, EVIDENCE_OF)
  await writeCheckpoint({ store, signer, clock, chain, others: [], reason: 'runbook' })
  const { verdict } = await verifyEvidence({
    copies: [{ name: 'own', store }],
    keys: [{ region: EVIDENCE_OF.region, keyId: signer.keyId, publicKey: await signer.publicKey() }],
  })
  const outcomes: string[] = []
  for await (const key of store.keys('records/'))
    outcomes.push((JSON.parse((await store.get(key)) ?? '{}') as { outcome: string }).outcome)
  return { verdict, outcomes }
}

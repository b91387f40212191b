import { Agenda } from '../adapters/memory/agenda'
import { Recorder } from '../adapters/memory/faults'
import { QUIET } from '../adapters/memory/incident-response'
import { ReplicatedWrites, type Replication } from '../adapters/memory/replicated-writes'
import { MemoryWorld, PRIMARY, REPLICA, type WorldSettings } from '../adapters/memory/world'
import { MemoryWriteOnceStore } from '../adapters/memory/write-once-store'
import { EvidenceChain } from '../core/evidence'
import type { Ports } from '../core/ports'
import type { InstanceRef } from '../core/ports/database'
import { CALM, type Conditions } from './conditions'
import type { SeededRandom } from './seeded-random'

export interface ArenaSettings extends WorldSettings {
  readonly replication: Replication
  readonly renewEverySeconds: number
}

/** Who writes when a move starts, and who is to write after it: the same one, where a standby takes over its name. */
export interface Sides {
  readonly writer: InstanceRef
  /** May still have to be made. */
  readonly successor: InstanceRef
}

export const isSame = (one: InstanceRef, other: InstanceRef): boolean =>
  one.region === other.region && one.instance === other.instance

/** Who writes the evidence of the runs. */
export const EVIDENCE_OF = {
  region: 'eu-west-1',
  writer: 'runbook',
  environment: 'production',
  policyHash: 'f'.repeat(64),
} as const

/**
 * A memory world that lives by itself: clients write, the replica follows, guards make their rounds, and the conditions say
 * what of it is broken at the moment.
 */
export class Arena {
  readonly world: MemoryWorld
  readonly agenda: Agenda
  readonly writes: ReplicatedWrites
  readonly evidenceStore = new MemoryWriteOnceStore()
  /** Called when somebody tampers with the account. */
  onTampered: () => void = () => {}
  /** Called when others begin or cease to change the platform. */
  onReleaseConditions: (now: Conditions, before: Conditions) => void = () => {}
  private sides: Sides = { writer: PRIMARY, successor: REPLICA }
  private current: Conditions = CALM
  private readonly startedAtMs: number
  private readonly hanging: (() => void)[] = []
  private readonly fromOutside: Ports
  private firstZone = ''

  constructor(
    private readonly settings: ArenaSettings,
    private readonly random: SeededRandom,
  ) {
    this.world = new MemoryWorld(settings)
    this.fromOutside = this.world.ports(new Recorder())
    this.startedAtMs = this.world.clock.now().getTime()
    this.agenda = new Agenda(this.world.clock)
    this.writes = new ReplicatedWrites(settings.replication)
  }

  /** Lets everything begin that goes on by itself, in a world whose two sides `prepare` has made. */
  async start(prepare: (world: MemoryWorld) => Promise<Sides>): Promise<void> {
    await this.world.start()
    this.sides = await prepare(this.world)
    this.firstZone = this.world.at(this.sides.writer).zone
    this.agenda.every(
      () => 1_000,
      () => this.observeHealth(),
    )
    const rounds = this.settings.renewEverySeconds * 1000
    this.agenda.every(
      () => rounds * this.random.between(0.8, 1.2),
      () => this.guardWriter(),
    )
    this.agenda.every(
      () => rounds * this.random.between(0.8, 1.2),
      () => this.guardSuccessor(),
    )
  }

  get conditions(): Conditions {
    return this.current
  }

  set conditions(next: Conditions) {
    const restarted = this.current.primary === 'dead' && next.primary !== 'dead'
    const before = this.current
    const isTamperedWith = next.isAccountTamperedWith && !this.current.isAccountTamperedWith
    this.current = next
    // A primary that comes back starts closed, until its guard knows that it may open.
    if (restarted && !this.hasMoved()) this.world.at(this.sides.writer).loginsOpen = false
    if (next.guard !== 'hangs') for (const resume of this.hanging.splice(0)) resume()
    const isAnswering = next.isReachable && this.isHostWell()
    this.world.fence = isAnswering ? (next.fenceProves ? 'reachable' : 'not-proven') : 'unreachable'
    this.world.guardReads = next.guardSees
    this.world.verdict = next.data
    this.world.application.sound = next.isApplicationSound
    Object.assign(this.world.intrusion, QUIET, next.intrusion)
    this.world.restoreSeconds = next.restoreSeconds
    this.world.account.copySeconds = next.accountCopySeconds
    this.world.deployments.settleSeconds = next.deploymentSeconds
    this.onReleaseConditions(next, before)
    if (isTamperedWith) this.onTampered()
    this.observeHealth()
  }

  get replicationMode(): Replication['mode'] {
    return this.settings.replication.mode
  }

  nowMs(): number {
    return this.world.clock.monotonicMs()
  }

  /** Whether a client of the old primary could commit a row right now. */
  oldIsWritable(): boolean {
    return this.isHostWell() && this.world.isWritable(this.sides.writer)
  }

  successorIsWritable(): boolean {
    const { writer, successor } = this.sides
    if (isSame(writer, successor)) return this.oldIsWritable()
    return this.world.has(successor) && this.world.isWritable(successor)
  }

  /** Erasures that the successor holds. */
  erasuresApplied(): number {
    const { successor } = this.sides
    return this.world.has(successor) ? this.world.at(successor).appliedLedger.size : 0
  }

  /** Whether a client is told right now to use that database. */
  async isServed(ref: InstanceRef): Promise<boolean> {
    const told = await this.fromOutside.trafficSwitch.served()
    return told?.region === ref.region && (told.instance === undefined || told.instance === ref.instance)
  }

  /** Brings the clients' writes, the replication and the heartbeat up to now. */
  settle(): void {
    this.writes.pass(this.nowMs(), this.oldIsWritable(), this.current.link, this.current.primaryClockAheadMs)
    this.world.written = Math.floor(this.writes.acknowledged)
    this.world.replicaBehind = this.world.written - Math.floor(this.writes.shipped)
    const beat = this.writes.heartbeat()
    this.world.heartbeat = beat && {
      sequence: beat.sequence,
      at: new Date(this.startedAtMs + beat.saidMs).toISOString(),
    }
  }

  /** The ports of one engine process. Its clock may be off; its chain of evidence remembers nothing of another process. */
  process(recorder: Recorder): Ports {
    const { clock } = this.world
    const chain = new EvidenceChain(recorder.watch('evidenceStore', this.evidenceStore), EVIDENCE_OF)
    return {
      ...this.world.ports(recorder),
      clock: {
        now: () => new Date(clock.now().getTime() + this.current.engineClockAheadMs),
        monotonicMs: () => clock.monotonicMs(),
        sleep: (milliseconds) => this.agenda.pass(milliseconds),
      },
      evidence: recorder.watch('evidence', chain),
      trafficSwitch: this.staleNames(this.world.ports(recorder).trafficSwitch),
    }
  }

  private staleNames(real: Ports['trafficSwitch']): Ports['trafficSwitch'] {
    return {
      point: (...call) => real.point(...call),
      served: async () => {
        const now = await real.served()
        return this.current.isServedStale ? this.sides.writer : now
      },
    }
  }

  private observeHealth(): void {
    const isDown = !this.current.isReachable || !this.isHostWell()
    const checkers = isDown ? 'down' : 'up'
    const receiver = isDown || !this.current.link.up ? 'down' : 'up'
    switch (this.current.health) {
      case 'true':
        this.world.signals = [checkers, receiver]
        return
      case 'false-alarm':
        this.world.signals = ['down', 'down']
        return
      case 'unknown':
        this.world.signals = [this.random.pick(['unknown', checkers]), 'unknown']
        return
      case 'flapping':
        this.world.signals = [this.random.pick(['up', 'down', 'unknown']), this.random.pick(['up', 'down', 'unknown'])]
    }
  }

  private async guardWriter(): Promise<void> {
    const { guard, guardClockSlowMs } = this.current
    // The guard lives beside its database, and can renew nothing in one that does not answer.
    if (!this.isHostWell() || guard === 'dead') return
    const writer = this.world.at(this.sides.writer)
    const before = writer.leaseUntilMs
    const round = this.world.guard(writer.ref, () =>
      guard === 'hangs' ? new Promise((resume) => this.hanging.push(resume)) : Promise.resolve(),
    )
    if (guard === 'hangs') return void round
    await round
    if (writer.leaseUntilMs > before) writer.leaseUntilMs += guardClockSlowMs
  }

  private async guardSuccessor(): Promise<void> {
    const { writer, successor } = this.sides
    // What has one database has one guard.
    if (!isSame(writer, successor) && this.world.has(successor)) await this.world.guard(successor)
  }

  /** Whether the writer runs where nothing of what befell its first host reaches it. */
  private hasMoved(): boolean {
    return this.world.at(this.sides.writer).zone !== this.firstZone
  }

  private isHostWell(): boolean {
    return this.current.primary === 'alive' || this.hasMoved()
  }
}

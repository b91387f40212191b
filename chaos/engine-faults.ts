import type { Fault, Recorder } from '../adapters/memory/faults'
import type { Arena } from './arena'
import type { Conditions } from './conditions'
import { CALM } from './conditions'
import { DISK_WRITES, FAULT_KINDS, isCallFault, type CallFault, type LastingFault } from './fault-kinds'
import type { Lookout } from './lookout'
import type { Schedule, ScheduledFault } from './schedule'
import { LEASE } from './scenario'
import type { SeededRandom } from './seeded-random'

/** A fault kind met where a run stood. */
export const cellOf = (kind: string, runbook: string, cursor: string): string => `${kind} @ ${runbook} ${cursor}`

interface Surroundings {
  readonly arena: Arena
  readonly lookout: Lookout
  readonly runbook: string
  readonly random: SeededRandom
}

interface Striking {
  readonly scheduled: ScheduledFault
  readonly kind: CallFault
  seen: number
  struck: number
}

interface Lasting {
  readonly scheduled: ScheduledFault
  readonly kind: LastingFault
  state: 'waiting' | 'holding' | 'over'
}

/** Makes a schedule's faults happen in an arena, and counts at which steps each was met. */
export class EngineFaults {
  readonly cells = new Set<string>()
  private readonly striking: Striking[] = []
  private readonly lasting: Lasting[] = []
  private isOver = false
  private base: Conditions = CALM
  private readonly held = new Map<string, Partial<Conditions>>()

  constructor(
    schedule: Schedule,
    private readonly around: Surroundings,
  ) {
    for (const scheduled of schedule.faults) {
      const kind = FAULT_KINDS.find(({ name }) => name === scheduled.kind)
      if (!kind) throw new Error(`no kind of fault is named '${scheduled.kind}'`)
      if (isCallFault(kind)) this.striking.push({ scheduled, kind, seen: 0, struck: 0 })
      else this.lasting.push({ scheduled, kind, state: 'waiting' })
    }
  }

  /** What is wrong from now on, whatever faults come and go over it. */
  accident(happened: Partial<Conditions>): void {
    this.base = { ...CALM, ...happened }
    this.apply()
  }

  /** The lasting faults of a step begin with it. */
  begin(step: string): void {
    for (const fault of this.lasting) {
      const { lasts } = fault.scheduled
      if (this.isOver || fault.scheduled.step !== step || fault.state !== 'waiting' || !lasts) continue
      fault.state = 'holding'
      // Drawn in any case, so that what follows does not depend on it.
      const drawn = fault.kind.holds(this.around.random, LEASE)
      const holds = fault.scheduled.holds ?? drawn
      this.around.arena.agenda.in(lasts.afterSeconds * 1000, () => this.hold(fault, holds))
      this.around.arena.agenda.in((lasts.afterSeconds + lasts.forSeconds) * 1000, () => this.hold(fault, undefined))
    }
  }

  /** Every fault is over, and no other begins. */
  end(happened: Partial<Conditions>): void {
    this.isOver = true
    this.held.clear()
    this.accident(happened)
  }

  /** Lets one call of an engine that is at `cursor` take its time, and decides what goes wrong with it. */
  async of(call: string, cursor: string, hang: (seconds: number) => Promise<void>): Promise<Fault | undefined> {
    const { messageMs, disk } = this.around.arena.conditions
    const diskMs = disk === 'slow' && call.startsWith('database.') ? this.around.random.between(2_000, 40_000) : 0
    await this.around.arena.agenda.pass(messageMs * this.around.random.between(0.5, 1.5) + diskMs)
    this.count((felt) => felt instanceof RegExp && felt.test(call), cursor)
    if (this.isOver) return undefined
    for (const fault of this.striking) {
      const { scheduled, kind } = fault
      if (!scheduled.call || scheduled.step !== this.around.lookout.cursor) continue
      if (kind.strikes && !kind.strikes.test(call)) continue
      fault.seen += 1
      if (fault.seen <= scheduled.call.nth || fault.struck >= scheduled.call.times) continue
      fault.struck += 1
      this.met(kind.name)
      if (kind.call !== 'hang') return kind.call
      await hang(this.around.random.between(5, 600))
    }
    const { darkPlaces, deniedPorts } = this.around.arena.conditions
    if (deniedPorts.some((port) => call.startsWith(`${port}.`))) {
      // Of two that deny, only the one that was begun last is in force.
      this.count((felt, holds) => felt === 'refusal' && holds.deniedPorts === deniedPorts, cursor)
      return 'denied'
    }
    if (darkPlaces.some((place) => call.startsWith(`${place}.`))) return 'unreachable'
    return this.around.arena.conditions.disk === 'full' && DISK_WRITES.test(call) ? 'disk-full' : undefined
  }

  /** Counts the lasting faults that are felt by time alone. */
  countPassing(): void {
    this.count((felt) => felt === undefined)
  }

  countQuestion(): void {
    this.count((felt) => felt === 'question')
  }

  /** What a message too late is kept by until it arrives. */
  late(recorder: Recorder): void {
    recorder.arrivesLater = (effect) =>
      this.around.arena.agenda.in(this.around.random.between(1, 120) * 1000, () => {
        // It takes its own time, and nobody waits for its answer any more, be it a refusal.
        void effect().catch(() => undefined)
      })
  }

  private count(
    isFelt: (felt: LastingFault['felt'], holds: Partial<Conditions>) => boolean,
    cursor = this.around.lookout.cursor,
  ): void {
    for (const { kind } of this.lasting) {
      const holds = this.held.get(kind.name)
      if (holds && isFelt(kind.felt, holds)) this.met(kind.name, cursor)
    }
  }

  private met(kind: string, cursor = this.around.lookout.cursor): void {
    this.cells.add(cellOf(kind, this.around.runbook, cursor))
  }

  private hold(fault: Lasting, holds: Partial<Conditions> | undefined): void {
    if (this.isOver) return
    if (holds) this.held.set(fault.kind.name, holds)
    else this.held.delete(fault.kind.name)
    fault.state = holds ? 'holding' : 'over'
    this.apply()
  }

  private apply(): void {
    const held = [...this.held.values()]
    const intrusion = Object.assign({}, this.base.intrusion, ...held.map((holds) => holds.intrusion))
    this.around.arena.conditions = Object.assign({ ...this.base }, ...held, { intrusion }) as Conditions
  }
}

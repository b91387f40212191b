import { EPOCH_KEY, isHeldBy, newestEpoch, type WriterEpoch } from '../core/coordination/writer-epoch'
import type { Approval } from '../core/coordination/approvals'
import type { Json } from '../core/json'
import type { RunState } from '../core/runbook/model'
import { isSame, type Arena, type Sides } from './arena'
import type { Place } from './conditions'
import type { Answer, Moment, MoveFacts, Question } from './facts'

type Seen = { -readonly [Name in keyof MoveFacts['seen']]: Moment }

/** Watches a world from outside, at every moment in which something may have changed, and keeps what it sees. */
export class Lookout {
  run: RunState | undefined
  readonly seen: Seen = {}
  journalWentBack: Moment | undefined
  readonly questions: Question[] = []
  readonly answers: Answer[] = []
  readonly heartbeats: { atFence: number | undefined; atPromotion: number | undefined } = {
    atFence: undefined,
    atPromotion: undefined,
  }
  /** Erasures that were accepted before the run. */
  ledger = 0
  /** From the moment in which both places named another holder until the run held the lease for expired. */
  leaseWaitedMs: number | undefined
  downKinds: readonly string[] | undefined
  /** Told when the run moves to another step, and when it asks people. */
  onCursor: (cursor: string) => void = () => {}
  onQuestion: (question: Question) => void = () => {}

  private readonly epochs: Partial<Record<Place, WriterEpoch>> = {}
  private deposedSinceMs: number | undefined
  private effectsSeen = 0
  private readonly effects = new Set<string>()

  constructor(
    private readonly arena: Arena,
    private readonly sides: Sides,
    private readonly lease: { readonly durationSeconds: number; readonly marginSeconds: number },
    private readonly firstCursor: string,
  ) {
    for (const place of ['recovery', 'witness'] as const)
      arena.world.stores[place].onWrite = (key, value) => this.written(place, key, value)
  }

  get cursor(): string {
    return this.run?.cursor.state ?? this.firstCursor
  }

  async look(): Promise<void> {
    this.noteEffects()
    this.arena.settle()
    const [old, successor] = [this.arena.oldIsWritable(), this.arena.successorIsWritable()]
    const { writer, successor: next } = this.sides
    if (isSame(writer, next)) return
    if (old && successor) this.keep('bothWritable')
    if (old) this.judgeOldWriter()
    if (successor && !this.mayBeOpen() && (await this.arena.isServed(next))) this.keep('openedEarly')
  }

  /** Whether the old writer holds the right to write. */
  isRightWithOld(): boolean {
    const newest = newestEpoch([this.epochs.recovery, this.epochs.witness])
    return newest !== undefined && isHeldBy(newest, this.sides.writer)
  }

  ledgerMissing(): number {
    return this.ledger - this.arena.erasuresApplied()
  }

  /** Takes down what was done since the last look. No time has passed since it was done. */
  noteEffects(): void {
    const { effects } = this.arena.world
    for (; this.effectsSeen < effects.length; this.effectsSeen++) {
      const kind = effects[this.effectsSeen]?.split(' ')[0] ?? ''
      if (kind === 'switch' && !this.effects.has('prove')) this.keep('switchedEarly')
      if (kind === 'promote') {
        this.arena.writes.promote()
        this.heartbeats.atPromotion ??= this.arena.writes.heartbeat()?.sequence
      }
      this.effects.add(kind)
    }
  }

  private now(): Moment {
    return { atMs: this.arena.nowMs(), step: this.cursor }
  }

  private keep(what: keyof Seen): void {
    this.seen[what] ??= this.now()
  }

  private mayBeOpen(): boolean {
    const validated = this.run?.steps['validate']?.status === 'done'
    return this.effects.has('prove') && validated && this.ledgerMissing() === 0
  }

  private judgeOldWriter(): void {
    const allowedMs = (this.lease.durationSeconds + this.lease.marginSeconds) * 1000
    if (this.deposedSinceMs !== undefined && this.arena.nowMs() - this.deposedSinceMs > allowedMs)
      this.keep('deposedWritable')
    if (this.run && holdsFenced(this.run)) this.keep('fencedWritable')
  }

  private written(place: Place, key: string, value: Json): void {
    if (key === EPOCH_KEY) this.claimed(place, value as unknown as WriterEpoch)
    else if (key.startsWith('runs/')) this.journaled(value as unknown as RunState)
    else if (key.startsWith('approvals/')) this.asked(value as unknown as Approval)
  }

  private claimed(place: Place, epoch: WriterEpoch): void {
    this.epochs[place] = epoch
    const held = [this.epochs.recovery, this.epochs.witness]
    const isDeposed = held.every((stands) => !stands || !isHeldBy(stands, this.sides.writer))
    if (!isDeposed) this.deposedSinceMs = undefined
    else this.deposedSinceMs ??= this.arena.nowMs()
  }

  private journaled(next: RunState): void {
    const before = this.run
    if (before && goesBack(before, next)) this.journalWentBack ??= this.now()
    const cursor = this.cursor
    this.run = next
    if (next.steps['fence']?.status === 'done') this.heartbeats.atFence ??= this.arena.writes.heartbeat()?.sequence ?? 0
    if (methodOf(next) === 'lease-expired')
      this.leaseWaitedMs ??= this.deposedSinceMs === undefined ? 0 : this.arena.nowMs() - this.deposedSinceMs
    if (next.cursor.state !== cursor) this.onCursor(next.cursor.state)
  }

  private asked({ key, kind, requestedBy, expiresAt, approvedBy, declinedBy }: Approval): void {
    if (approvedBy.length > 0 || declinedBy || this.questions.some((question) => question.key === key)) return
    const question = { key, step: this.cursor, kind, requestedBy, expiresAtMs: Date.parse(expiresAt) }
    this.questions.push(question)
    this.onQuestion(question)
  }
}

/** Whether the run relies on it that the old writer is closed. */
function holdsFenced(run: RunState): boolean {
  const { cursor, outcome, steps } = run
  const fence = steps['fence']
  if (outcome !== 'running' || fence?.status !== 'done' || cursor.state.startsWith('undo:')) return false
  return methodOf(run) !== 'attested-dark' && steps['claim-epoch']?.status === 'done'
}

/** How the run holds that the old writer was fenced. */
const methodOf = ({ steps }: RunState): string | undefined =>
  (steps['fence']?.output as { readonly method?: string } | undefined)?.method

function goesBack(before: RunState, next: RunState): boolean {
  if (before.runId !== next.runId || next.revision <= before.revision || before.outcome !== 'running') return true
  return Object.entries(before.steps).some(
    ([id, { status }]) =>
      status === 'done' && !['done', 'undone', 'undo-failed'].includes(next.steps[id]?.status ?? ''),
  )
}

import type { VirtualClock } from './clock'

interface Event {
  readonly atMs: number
  readonly happen: () => Promise<void> | void
  /** Somebody who goes on only once the event and the look at it are over. */
  readonly wakes?: Waiting
}

interface Waiting {
  readonly resume: () => void
  readonly fail: (error: unknown) => void
}

/**
 * What happens at which moment of a virtual clock. Time passes only while somebody lets it pass, from one event to the next,
 * so that everything that happens by itself keeps its place between the calls of a run. Several may let time pass at once,
 * and whoever is woken does what it has to do before more time passes.
 */
export class Agenda {
  /** Looks at the world after each event. */
  look: () => Promise<void> = async () => {}
  private readonly events: Event[] = []
  private readonly passing = new Set<Waiting>()
  private isMoving = false

  constructor(private readonly clock: VirtualClock) {}

  in(milliseconds: number, happen: Event['happen']): void {
    this.note({ atMs: this.clock.monotonicMs() + milliseconds, happen })
  }

  every(milliseconds: () => number, happen: Event['happen']): void {
    this.in(milliseconds(), async () => {
      this.every(milliseconds, happen)
      await happen()
    })
  }

  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void> {
    return new Promise((resume, fail) => {
      const waiting = { resume, fail }
      this.passing.add(waiting)
      this.note({ atMs: this.clock.monotonicMs() + milliseconds, happen: () => {}, wakes: waiting })
      if (!this.isMoving) void this.move()
    })
  }

  /** Waits until others have let so much time pass. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resume, fail) =>
      this.note({ atMs: this.clock.monotonicMs() + milliseconds, happen: () => {}, wakes: { resume, fail } }),
    )
  }

  /** After everything of the same moment: what was noted first happens first. */
  private note(event: Event): void {
    const later = this.events.findIndex(({ atMs }) => atMs > event.atMs)
    this.events.splice(later < 0 ? this.events.length : later, 0, event)
  }

  private async move(): Promise<void> {
    this.isMoving = true
    try {
      await everybodyWaits()
      for (let next = this.events.shift(); next; next = this.passing.size > 0 ? this.events.shift() : undefined) {
        await this.clock.sleep(next.atMs - this.clock.monotonicMs())
        await next.happen()
        await this.look()
        if (!next.wakes) continue
        this.passing.delete(next.wakes)
        next.wakes.resume()
        await everybodyWaits()
      }
    } catch (error) {
      for (const { fail } of this.passing) fail(error)
      this.passing.clear()
    } finally {
      this.isMoving = false
    }
  }
}

/** Whoever has something to do now has done it: promises that are settled are all taken up before an immediate. */
const everybodyWaits = (): Promise<void> => new Promise((resume) => setImmediate(resume))

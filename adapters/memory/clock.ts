import type { Clock } from '../../core/ports/clock'

/** Time that passes only when somebody sleeps, so that hours of a rehearsal take milliseconds. */
export class VirtualClock implements Clock {
  private elapsedMs = 0

  constructor(private readonly startedAt = new Date('2026-01-01T00:00:00.000Z')) {}

  now(): Date {
    return new Date(this.startedAt.getTime() + this.elapsedMs)
  }

  monotonicMs(): number {
    return this.elapsedMs
  }

  async sleep(milliseconds: number): Promise<void> {
    this.elapsedMs += Math.max(0, milliseconds)
  }
}

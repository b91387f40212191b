import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../core/ports/clock'

/** The machine's own clock, which leaps over the days between one week's test and the next; nothing is measured across a leap. */
export class LeapingClock implements Clock {
  private aheadMs = 0

  now(): Date {
    return new Date(Date.now() + this.aheadMs)
  }

  monotonicMs(): number {
    return performance.now()
  }

  sleep(milliseconds: number): Promise<void> {
    return sleep(milliseconds)
  }

  leapTo(at: Date): void {
    this.aheadMs = at.getTime() - Date.now()
  }
}

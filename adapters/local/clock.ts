import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../core/ports/clock'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds)
  },
}

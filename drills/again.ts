import type { Clock } from '../core/ports/clock'
import { classify } from '../core/runbook/failure'

const ATTEMPTS = 5
const WAIT_MS = 100

/** Tries again what may pass, as functions and people of production do: a busy machine says nothing about a recovery. */
export async function again<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!classify(error).retryable || attempt >= ATTEMPTS) throw error
      await clock.sleep(WAIT_MS)
    }
  }
}

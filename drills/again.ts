import { LEASE_ENDED } from '../adapters/postgres/guard-schema'
import type { Clock } from '../core/ports/clock'
import { isPortError } from '../core/ports/errors'
import { classify } from '../core/runbook/failure'

const ATTEMPTS = 20
const WAIT_MS = 250

/**
 * Tries again what may pass, as the functions, people and clients of production do: a store that is slow for a second, or a
 * guard that is late with the lease on a busy machine, says nothing about a recovery.
 */
export async function again<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const mayPass = classify(error).retryable || (isPortError(error) && error.code === LEASE_ENDED)
      if (!mayPass || attempt >= ATTEMPTS) throw error
      await clock.sleep(WAIT_MS)
    }
  }
}

import { isUserError } from '../../core/user-error'

const TRIES = 5

/**
 * Builds something whose ports are chosen before its servers start, and builds it anew where another program of this busy
 * machine took one in between. A build that fails has to leave nothing behind.
 */
export async function withFreePorts<T>(build: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await build()
    } catch (error) {
      if (tries === TRIES || !isUserError(error) || error.code !== 'PORT_TAKEN') throw error
    }
  }
}

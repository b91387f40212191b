import { log } from '../adapters/aws/log'
import { isPortError } from '../core/ports/errors'

/**
 * Wraps a handler: one log line with its duration and outcome, and errors that carry a code and nothing else, because
 * Lambda writes the message of what is thrown into the log.
 */
export function invocation<Output>(
  name: string,
  work: (event: unknown) => Promise<Output>,
): (event: unknown) => Promise<Output> {
  return async (event) => {
    const startedMs = performance.now()
    const ended = (outcome: string) =>
      log('INVOCATION', { step: name, outcome, milliseconds: Math.round(performance.now() - startedMs) })
    try {
      const output = await work(event)
      ended('succeeded')
      return output
    } catch (error) {
      const code = codeOf(error)
      ended(code)
      throw new InvocationFailed(code)
    }
  }
}

class InvocationFailed extends Error {
  constructor(code: string) {
    super(code)
    this.name = 'InvocationFailed'
    // The stack of Lambda's log would repeat the message of the cause, so there is none.
    this.stack = `${this.name}: ${code}`
  }
}

function codeOf(error: unknown): string {
  if (isPortError(error)) return error.code
  return error instanceof Error && error.name === '$ZodError' ? 'INPUT_INVALID' : 'UNEXPECTED'
}

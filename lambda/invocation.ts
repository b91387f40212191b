import type * as z from 'zod/mini'
import { log } from '../adapters/aws/log'
import { isPortError } from '../core/ports/errors'

/** A function's form: its name and what goes in and out. A contract module has this form. */
export interface Form<Input extends z.ZodMiniType, Output extends z.ZodMiniType> {
  readonly contract: { readonly name: string }
  readonly input: Input
  readonly output: Output
}

/**
 * Makes a handler: event and answer are held to the contract, one log line says how long it took and how it ended, and
 * an error carries a code and nothing else, because Lambda writes what is thrown into the log.
 */
export function invocation<Input extends z.ZodMiniType, Output extends z.ZodMiniType>(
  { contract, input, output }: Form<Input, Output>,
  work: (input: z.output<Input>) => Promise<z.input<Output>>,
): (event: unknown) => Promise<z.output<Output>> {
  return async (event) => {
    const startedMs = performance.now()
    const ended = (outcome: string) =>
      log('INVOCATION', { step: contract.name, outcome, milliseconds: Math.round(performance.now() - startedMs) })
    try {
      const answer = output.parse(await work(input.parse(event)))
      ended('succeeded')
      return answer
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
  return error instanceof Error && error.name === '$ZodError' ? 'FORM_INVALID' : 'UNEXPECTED'
}

import * as z from 'zod/mini'
import { isPortError, PortError } from '../../core/ports/errors'

/** How a port failed, as one function tells another: what Lambda makes of an error that is thrown would lose its class. */
export const toldFailure = z.object({
  kind: z.literal('failed'),
  failure: z.enum(['unreachable', 'throttled', 'conflict', 'denied', 'invalid']),
  code: z.string(),
})
type ToldFailure = z.infer<typeof toldFailure>

/** The answer, or how a port failed on the way to it. What is no failure of a port is thrown. */
export async function tellingFailure<Answer>(ask: () => Promise<Answer>): Promise<Answer | ToldFailure> {
  try {
    return await ask()
  } catch (error) {
    if (!isPortError(error)) throw error
    return { kind: 'failed', failure: error.failure, code: error.code }
  }
}

/** The failure as a port throws it. */
export const failureTold = ({ failure, code }: ToldFailure, what: string): PortError =>
  new PortError(failure, code, what)

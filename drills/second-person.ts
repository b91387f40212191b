import { answerApproval } from '../core/coordination/approvals'
import type { Ports } from '../core/ports'
import { isPortError } from '../core/ports/errors'
import { again } from './again'

const APPROVALS = 'approvals/'

/** The drill's second person: approves what the run asks until the run has ended. */
export async function withSecondPerson<T>({ coordination, clock }: Ports, run: () => Promise<T>): Promise<T> {
  const over = new AbortController()
  const approving = (async () => {
    while (!over.signal.aborted) {
      await again(clock, async () => {
        for await (const { key } of coordination.recovery.list(APPROVALS))
          await answerApproval(
            coordination.recovery,
            key.slice(APPROVALS.length),
            { by: 'second-person', approve: true },
            clock.now(),
          ).catch(unlessAnswered)
      })
      await clock.sleep(100)
    }
  })()
  try {
    return await run()
  } finally {
    over.abort()
    await approving
  }
}

/** A question that is answered already, or has expired, needs no answer. */
function unlessAnswered(error: unknown): void {
  if (!isPortError(error) || error.failure !== 'conflict') throw error
}

import { isPortError } from '../../ports/errors'
import { classify } from '../failure'
import type { ActionResult } from '../model'
import { usual, type RollbackStep } from './input'

/** A database that answers nobody keeps no program from being put back: its history goes by time as well. */
export const position: RollbackStep = {
  ...usual,
  id: 'position',
  title: 'Read where the log of the database stands',
  byHand:
    'Commit one row as the fence role and note the position of the log. If the database does not answer, note the time.',
  privilege: 'database',
  begin: async ({ ports, input, key, lastAttempt }): Promise<ActionResult> => {
    const at = ports.clock.now().toISOString()
    try {
      const { position: reached } = await ports.database.proveWrite(input.successor, key)
      return { kind: 'done', output: { at, position: reached } }
    } catch (error) {
      if (isPortError(error) && (lastAttempt || !classify(error).retryable))
        return { kind: 'done', output: { at, position: null, code: error.code } }
      throw error
    }
  },
  preview: async ({ input }) => ({ wouldRead: input.successor.instance }),
  undo: { none: 'it changes nothing that anybody reads' },
}

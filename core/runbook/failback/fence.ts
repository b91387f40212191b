import { PortError } from '../../ports/errors'
import { closeWriter, proofOf } from '../steps/fence'
import { ordinary } from '../steps/input'
import type { FailbackStep } from './input'

/** A planned switch has a writer that answers: only its own proof counts, since the end of a lease would lose what it wrote. */
export const fence: FailbackStep = {
  ...ordinary,
  id: 'fence',
  title: 'Close the writer',
  byHand:
    'Close every login of the writer but the fence role, end its sessions, see a write refused through each role, and note the position of the log. If that fails, hand the right to write back: nothing is lost.',
  privilege: 'fence',
  begin: async (context) => {
    const outcome = await closeWriter(context)
    if (outcome.kind === 'fenced') return { kind: 'done', output: proofOf(outcome, context.ports.clock.now()) }
    if (outcome.kind === 'unreachable')
      throw new PortError('unreachable', 'WRITER_SILENT', 'the writer does not answer')
    return { kind: 'failed', code: 'CANNOT_FENCE', detail: { roles: outcome.rolesStillWriting.length } }
  },
  preview: async ({ input }) => ({ wouldFence: input.writer.instance }),
  undo: {
    none: 'once the epoch is handed back, and both places say so, the guard of the writer opens what was closed',
  },
}

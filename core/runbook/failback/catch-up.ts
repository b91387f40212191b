import type { ActionResult, StepContext } from '../model'
import { ordinary } from '../steps/input'
import type { FailbackInput, FailbackStep } from './input'

/** What makes the switch lose nothing: the successor holds the last position that any client can have written. */
export const catchUp: FailbackStep = {
  ...ordinary,
  id: 'catch-up',
  title: 'Wait until the successor holds everything',
  byHand:
    'Compare the replayed position of the successor with the position that the writer had once it was closed. Promote only when the first has reached the second.',
  privilege: 'database',
  timeoutSeconds: ({ catchUp: { waitSeconds } }) => waitSeconds,
  begin: (context) => look(context),
  poll: (context) => look(context),
  preview: async ({ input }) => ({ wouldWaitAtMostSeconds: input.catchUp.waitSeconds }),
  undo: { none: 'it changes nothing' },
}

async function look({ ports, input, outputs }: StepContext<FailbackInput>): Promise<ActionResult> {
  const { writtenUpTo } = outputs['fence'] as { writtenUpTo: string }
  if (await ports.database.holdsUpTo(input.successor, writtenUpTo)) return { kind: 'done', output: { writtenUpTo } }
  return { kind: 'pending', handle: null }
}

import type { ActionResult, StepContext } from '../model'
import { usual, type RollbackInput, type RollbackStep } from './input'
import { illComponents } from './wellness'

/** What was put back is watched, and people are told at once when it fails: it stops the run, and a stopped run has an alarm. */
export const monitor: RollbackStep = {
  ...usual,
  id: 'monitor',
  title: 'Watch the platform for a while',
  byHand:
    'Watch health and errors of the platform for as long as the policy says. If something fails twice in a row, stop watching and call whoever answers for it.',
  privilege: 'deploy',
  timeoutSeconds: ({ monitorSeconds, healthySeconds }) => monitorSeconds + healthySeconds,
  begin: (context) => look(context, { since: context.ports.clock.now().toISOString(), missed: 0 }),
  poll: (context, handle) => look(context, handle as unknown as Watch),
  preview: async ({ input }) => ({ wouldWatchSeconds: input.monitorSeconds }),
  undo: { none: 'it changes nothing' },
}

interface Watch {
  readonly since: string
  /** Looks in a row at which something was ill. */
  readonly missed: number
}

/** One look may meet a restart, or a network; a second one does not. */
const TOO_MANY = 2

async function look({ ports, input }: StepContext<RollbackInput>, { since, missed }: Watch): Promise<ActionResult> {
  const ill = await illComponents(ports, input)
  const now = ill.length > 0 ? missed + 1 : 0
  if (now >= TOO_MANY) return { kind: 'failed', code: 'NOT_WELL_AGAIN', detail: { ill } }
  const watched = (ports.clock.now().getTime() - Date.parse(since)) / 1000
  if (now > 0 || watched < input.monitorSeconds) return { kind: 'pending', handle: { since, missed: now } }
  return { kind: 'done', output: { watched } }
}

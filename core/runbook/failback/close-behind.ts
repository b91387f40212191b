import type { ActionResult, StepContext } from '../model'
import { ordinary } from '../steps/input'
import type { FailbackInput, FailbackStep } from './input'

/** Clients wait from the fence until the successor holds everything, so it has to be close behind before. */
export const closeBehind: FailbackStep = {
  ...ordinary,
  id: 'close-behind',
  title: 'See the successor close behind the writer',
  byHand: 'Compare the newest heartbeat on the successor with the clock. Go on only when it is seconds old.',
  privilege: 'database',
  timeoutSeconds: ({ catchUp }) => catchUp.waitSeconds,
  begin: (context) => look(context),
  poll: (context) => look(context),
  preview: async (context) => ({ secondsBehind: await secondsBehind(context) }),
  undo: { none: 'it changes nothing' },
}

type Context = StepContext<FailbackInput>

async function look(context: Context): Promise<ActionResult> {
  const behind = await secondsBehind(context)
  if (behind === null || behind > context.input.catchUp.lagAtMostSeconds) return { kind: 'pending', handle: null }
  return { kind: 'done', output: { secondsBehind: behind } }
}

async function secondsBehind({ ports, input }: Context): Promise<number | null> {
  const heartbeat = await ports.database.lastHeartbeat(input.successor)
  return heartbeat ? (ports.clock.now().getTime() - Date.parse(heartbeat.at)) / 1000 : null
}

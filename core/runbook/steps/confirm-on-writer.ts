import { isPortError } from '../../ports/errors'
import type { StepContext } from '../model'
import { ordinary, type MoveInput, type MoveStep } from './input'

/** The old database is its own witness: it must hold no heartbeat written after the fence was proven. */
export const confirmOnWriter: MoveStep = {
  ...ordinary,
  id: 'confirm',
  title: 'Confirm that nothing writes any more',
  byHand:
    'Read the newest heartbeat on the old database as the fence role. It must be older than the fence. One that does not answer is proven closed by its lease alone.',
  privilege: 'database',
  begin: async (context) => {
    const { fencedAt, method } = context.outputs['fence'] as { fencedAt: string; method: string }
    const heartbeat = await lastHeartbeat(context, method)
    if (heartbeat && Date.parse(heartbeat.at) > Date.parse(fencedAt))
      return { kind: 'failed', code: 'STILL_WRITING', detail: { heartbeat: heartbeat.sequence } }
    return { kind: 'done', output: { lastHeartbeat: heartbeat?.sequence ?? null } }
  },
  preview: async ({ ports, input }) => ({
    lastHeartbeat: (await ports.database.lastHeartbeat(input.writer))?.sequence ?? null,
  }),
  undo: { none: 'it changes nothing' },
}

async function lastHeartbeat({ ports, input, lastAttempt }: StepContext<MoveInput>, method: string) {
  try {
    return await ports.database.lastHeartbeat(input.writer)
  } catch (error) {
    const isSilent = isPortError(error) && error.failure === 'unreachable'
    if (isSilent && lastAttempt && method !== 'fenced') return undefined
    throw error
  }
}

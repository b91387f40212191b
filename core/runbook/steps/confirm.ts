import { ordinary, type MoveStep } from './input'

/** The successor is the witness: it must hold no heartbeat written after the fence was proven. */
export const confirm: MoveStep = {
  ...ordinary,
  id: 'confirm',
  title: 'Confirm that nothing writes any more',
  byHand: 'Read the newest heartbeat on the successor. It must be older than the fence.',
  privilege: 'database',
  begin: async ({ ports, input, outputs }) => {
    const { fencedAt } = outputs['fence'] as { fencedAt: string }
    const heartbeat = await ports.database.lastHeartbeat(input.successor)
    if (heartbeat && Date.parse(heartbeat.at) > Date.parse(fencedAt))
      return { kind: 'failed', code: 'STILL_WRITING', detail: { heartbeat: heartbeat.sequence } }
    return { kind: 'done', output: { lastHeartbeat: heartbeat?.sequence ?? null } }
  },
  preview: async ({ ports, input }) => {
    const heartbeat = await ports.database.lastHeartbeat(input.successor)
    return { lastHeartbeat: heartbeat?.sequence ?? null, at: heartbeat?.at ?? null }
  },
  undo: { none: 'it changes nothing' },
}

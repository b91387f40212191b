import { usual, type IsolateAndRecoverStep } from './input'

export const isolate: IsolateAndRecoverStep = {
  ...usual,
  id: 'isolate',
  title: 'Cut the compromised database off the network',
  byHand:
    'Give the instance a security group that lets nobody in but the fence function, and end every connection that is left, replication included. Do not stop or delete it: its memory and its disk are evidence.',
  privilege: 'contain',
  timeoutSeconds: ({ response }) => response.timeouts.containSeconds,
  begin: async ({ ports, input, key }) => {
    const { connectionsEnded } = await ports.containment.isolate(input.writer, { key })
    return { kind: 'done', output: { connectionsEnded, isolatedAt: ports.clock.now().toISOString() } }
  },
  preview: async ({ input }) => ({ wouldIsolate: input.writer.instance }),
  undo: { none: 'it stays cut off until people have examined it' },
}

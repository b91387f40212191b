import { isPortError } from '../../ports/errors'
import type { StepContext } from '../model'
import { usual, type IsolateAndRecoverInput, type IsolateAndRecoverStep } from './input'

/** The writer has to be cut off; of a copy that cannot be, people are told by name before anybody enters again. */
export const isolate: IsolateAndRecoverStep = {
  ...usual,
  id: 'isolate',
  title: 'Cut the compromised database off the network',
  byHand:
    'Give the instance, and each of its replicas, a security group that lets nobody in but the fence function, and end every connection that is left, replication included. Do not stop or delete it: its memory and its disk are evidence.',
  privilege: 'contain',
  timeoutSeconds: ({ response }) => response.timeouts.containSeconds,
  begin: async (context) => {
    const { ports, input, key } = context
    const { connectionsEnded } = await ports.containment.isolate(input.writer, { key })
    const openCopies = await isolateCopies(context)
    return { kind: 'done', output: { connectionsEnded, openCopies, isolatedAt: ports.clock.now().toISOString() } }
  },
  preview: async ({ input }) => ({ wouldIsolate: [input.writer, ...input.copies].map(({ instance }) => instance) }),
  undo: { none: 'it stays cut off until people have examined it' },
}

/** Gives the names of those that stay open. */
async function isolateCopies({ ports, input, key }: StepContext<IsolateAndRecoverInput>): Promise<string[]> {
  const open: string[] = []
  for (const copy of input.copies) {
    try {
      await ports.containment.isolate(copy, { key: `${key}/${copy.instance}` })
    } catch (error) {
      if (!isPortError(error)) throw error
      open.push(copy.instance)
    }
  }
  return open
}

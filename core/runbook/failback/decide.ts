import { ordinary } from '../steps/input'
import type { FailbackStep } from './input'

/** Planned, so a second person agrees on the moment; and nothing begins before the rebuilt replica is close behind. */
export const decide: FailbackStep = {
  ...ordinary,
  id: 'decide',
  title: 'Decide that the primary region takes over again',
  byHand:
    'Deploy the new generation of the primary region and wait until it follows the writer within seconds. Choose a quiet hour: clients are refused for a moment. A second person agrees.',
  privilege: 'observe',
  approval: ({ operation, writer, successor }) =>
    operation === 'approval'
      ? { kind: 'second-person', question: `Hand over from ${writer.region} to ${successor.region}, without loss?` }
      : undefined,
  begin: async ({ ports, input }) => {
    const successor = await ports.inventory.describe(input.successor)
    if (!successor) return { kind: 'failed', code: 'NOT_REBUILT' }
    const { role, status, source } = successor
    if (role !== 'replica' || status !== 'available' || source !== input.writer.instance)
      return { kind: 'failed', code: 'NOT_A_REPLICA', detail: { role, status, source: source ?? null } }
    return { kind: 'done', output: { follows: source } }
  },
  preview: async ({ ports, input }) => {
    const successor = await ports.inventory.describe(input.successor)
    return { successor: successor?.status ?? 'missing', follows: successor?.source ?? null }
  },
  undo: { none: 'it changes nothing' },
}

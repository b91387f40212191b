import { ordinary, type FailoverStep } from './input'

/** Two independent observers must agree that the primary is down; otherwise a person decides. */
export const decide: FailoverStep = {
  ...ordinary,
  id: 'decide',
  title: 'Decide that the primary region is lost',
  byHand:
    'Look at the health checkers and at the replica: is its receiver stalled? If only one of them says down, a second person decides.',
  privilege: 'observe',
  mayAsk: 'a second person, when fewer than two independent signals say down',
  approval: (input) =>
    input.operation === 'approval'
      ? { kind: 'second-person', question: `Fail over from ${input.primary.region} to ${input.replica.region}?` }
      : undefined,
  begin: async ({ ports, input, approvedBy }) => {
    const signals = await ports.health.signals(input.primary, input.replica)
    const downKinds = [...new Set(signals.filter((s) => s.verdict === 'down').map((s) => s.kind))].toSorted()
    const output = {
      downKinds,
      decidedBy: approvedBy ? 'person' : 'signals',
    }
    if (downKinds.length >= 2 || approvedBy) return { kind: 'done', output }
    return {
      kind: 'ask',
      approval: {
        kind: 'second-person',
        question: `Only ${downKinds.length} of 2 independent signals say that ${input.primary.region} is down. Fail over?`,
      },
    }
  },
  preview: async ({ ports, input }) => ({
    signals: (await ports.health.signals(input.primary, input.replica)).map(({ kind, verdict }) => ({ kind, verdict })),
    wouldAsk: input.operation === 'approval',
  }),
  undo: { none: 'it changes nothing' },
}

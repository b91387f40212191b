import type { MoveInput, MoveStep } from './input'
import { ordinary } from './input'

/** What is lost, in the words of the runbook that decides it. */
export interface Lost {
  readonly title: string
  readonly byHand: string
  /** Asked of a second person where the policy or the run wants one. */
  readonly question: (input: MoveInput) => string
  /** Appended to how many signals said so, where they are too few. */
  readonly doubt: (input: MoveInput) => string
}

/** Two independent observers must agree that the writer is down; otherwise a person decides. */
export const decideThatLost = ({ title, byHand, question, doubt }: Lost): MoveStep => ({
  ...ordinary,
  id: 'decide',
  title,
  byHand,
  privilege: 'observe',
  mayAsk: 'a second person, when fewer than two independent signals say down',
  approval: (input) =>
    input.operation === 'approval' ? { kind: 'second-person', question: question(input) } : undefined,
  begin: async ({ ports, input, approvedBy }) => {
    const signals = await ports.health.signals(input.writer, input.successor)
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
        question: `Only ${downKinds.length} of 2 independent signals say that ${doubt(input)}`,
      },
    }
  },
  preview: async ({ ports, input }) => ({
    signals: (await ports.health.signals(input.writer, input.successor)).map(({ kind, verdict }) => ({
      kind,
      verdict,
    })),
    wouldAsk: input.operation === 'approval',
  }),
  undo: { none: 'it changes nothing' },
})

import type { InstanceRef } from '../../ports/database'
import type { Step } from '../model'
import { ordinary, type MoveInput } from './input'

/** What is lost, in the words of the runbook that decides it. */
export interface Lost<Input extends MoveInput> {
  readonly title: string
  readonly byHand: string
  /** Replica whose receiver is the second observer. */
  readonly observer: (input: Input) => InstanceRef
  /** Asked of a second person where the policy or the run wants one. */
  readonly question: (input: Input) => string
  /** Appended to how many signals said so, where they are too few. */
  readonly doubt: (input: Input) => string
}

/** Two independent observers must agree that the writer is down; otherwise a person decides. */
export const decideThatLost = <Input extends MoveInput>(lost: Lost<Input>): Step<Input> => ({
  ...ordinary,
  id: 'decide',
  title: lost.title,
  byHand: lost.byHand,
  privilege: 'observe',
  mayAsk: 'a second person, when fewer than two independent signals say down',
  approval: (input) =>
    input.operation === 'approval' ? { kind: 'second-person', question: lost.question(input) } : undefined,
  begin: async ({ ports, input, approvedBy }) => {
    const signals = await ports.health.signals(input.writer, lost.observer(input))
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
        question: `Only ${downKinds.length} of 2 independent signals say that ${lost.doubt(input)}`,
      },
    }
  },
  preview: async ({ ports, input }) => {
    const signals = await ports.health.signals(input.writer, lost.observer(input))
    return {
      signals: signals.map(({ kind, verdict }) => ({ kind, verdict })),
      wouldAsk: input.operation === 'approval',
    }
  },
  undo: { none: 'it changes nothing' },
})

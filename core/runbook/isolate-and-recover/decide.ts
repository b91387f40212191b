import type { IsolateAndRecoverStep } from './input'
import { usual } from './input'

/** To cut access is cheap to take back by people and dear to delay; two independent findings may do it without asking. */
export const decide: IsolateAndRecoverStep = {
  ...usual,
  id: 'decide',
  title: 'Decide to cut access',
  byHand:
    'Look at the findings: rows deleted or rewritten faster than people can, an append-only table that changed, content that differs from its baseline, a finding of GuardDuty. With fewer than two kinds a second person decides. Clients are refused from here on until a clean copy takes over.',
  privilege: 'observe',
  mayAsk: 'a second person, when fewer than two independent findings say so',
  approval: ({ operation, writer }) =>
    operation === 'approval' ? { kind: 'second-person', question: questionOf(writer.instance) } : undefined,
  begin: async ({ ports, input, approvedBy }) => {
    const { writer, successor, findings } = input
    if (writer.region === successor.region && writer.instance === successor.instance)
      return { kind: 'failed', code: 'SAME_DATABASE' }
    if (!(await ports.inventory.describe(writer))) return { kind: 'failed', code: 'INSTANCE_MISSING' }
    const kinds = [...new Set(findings)].toSorted()
    if (!approvedBy && kinds.length < 2)
      return {
        kind: 'ask',
        approval: {
          kind: 'second-person',
          question: `Only ${kinds.length} of 2 independent findings. ${questionOf(writer.instance)}`,
        },
      }
    return { kind: 'done', output: { findings: kinds, decidedBy: approvedBy ? 'person' : 'findings' } }
  },
  preview: async ({ ports, input }) => ({
    wouldIsolate: (await ports.inventory.describe(input.writer))?.instance ?? 'missing',
    findings: [...input.findings],
    wouldAsk: input.operation === 'approval' || new Set(input.findings).size < 2,
  }),
  undo: { none: 'it changes nothing' },
}

const questionOf = (instance: string): string =>
  `Cut every access to '${instance}' now, and refuse all clients until a clean copy takes over?`

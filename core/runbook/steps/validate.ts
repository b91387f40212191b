import { ordinary, type MoveStep } from './input'

/** Judges the content before anybody enters. What could not be judged is a question to a person, never a pass. */
export const validate: MoveStep = {
  ...ordinary,
  id: 'validate',
  title: 'Validate the data',
  byHand:
    'Compare fingerprint, counts, constraints and sequences with the stored baseline, and run amcheck. Do not open on a failed check.',
  privilege: 'database',
  mayAsk: 'a second person, when a check could not be judged',
  timeoutSeconds: (input) => input.timeouts.validateSeconds,
  begin: async ({ ports, input, approvedBy }) => {
    const { verdict, checks } = await ports.database.validate(input.successor)
    const output = {
      verdict,
      checks: checks.map((check) => `${check.name}:${check.verdict}`),
      acceptedBy: approvedBy?.length ?? 0,
    }
    if (verdict === 'pass') return { kind: 'done', output }
    if (verdict === 'fail') return { kind: 'failed', code: 'DATA_INVALID', detail: output }
    if (approvedBy) return { kind: 'done', output }
    return {
      kind: 'ask',
      approval: { kind: 'second-person', question: 'The data could not be judged completely. Open anyway?' },
    }
  },
  preview: async ({ ports, input }) => ({ verdict: (await ports.database.validate(input.successor)).verdict }),
  undo: { none: 'it changes nothing' },
  milestone: 'dataRecovery',
}

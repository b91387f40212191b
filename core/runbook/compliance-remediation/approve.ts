import { kindOf } from '../../compliance/finding-kinds'
import { usual, type RemediationStep } from './input'
import { planned } from './plan'

/** Asked after the plan, so that the answer is about what is really going to change. */
export const approve: RemediationStep = {
  ...usual,
  id: 'approve',
  title: 'Have the corrective actions approved',
  byHand:
    'Show the plan to a second person. Without an answer in time nothing is changed. Where the policy is automatic, ask only for remedies that take something away.',
  privilege: 'audit',
  mayAsk:
    'a second person, where the policy or the run wants one, and in every case before a remedy takes something away',
  begin: async (context) => {
    const { input, approvedBy } = context
    const findings = planned(context)
    const asking = findings.filter(({ code }) => kindOf(code).approval === 'second-person')
    const mustAsk = findings.length > 0 && (input.operation === 'approval' || asking.length > 0)
    if (!mustAsk || approvedBy)
      return { kind: 'done', output: { decidedBy: approvedBy ? 'person' : findings.length > 0 ? 'policy' : 'nobody' } }
    return {
      kind: 'ask',
      approval: {
        kind: 'second-person',
        question: `Remedy ${findings.length} findings in the account? ${[...new Set(findings.map(({ code }) => code))].join(', ')}`,
      },
    }
  },
  preview: async (context) => ({
    wouldAsk:
      context.input.operation === 'approval' ||
      planned(context).some(({ code }) => kindOf(code).approval === 'second-person'),
  }),
  undo: { none: 'it changes nothing' },
}

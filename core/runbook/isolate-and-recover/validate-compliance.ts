import { breachNoticeDue } from '../../compliance/breach-clock'
import type { StepContext } from '../model'
import { usual, type IsolateAndRecoverInput, type IsolateAndRecoverStep } from './input'

/** Controls that the run itself has to have kept, and the step whose result says so. */
const CONTROLS = {
  'COPIES-ISOLATED': 'isolate',
  'ACCESS-REVOKED': 'revoke',
  'FORENSICS-PRESERVED': 'confirm-preserved',
  'CREDENTIALS-ROTATED': 'rotate',
  'ERASURE-LEDGER': 'replay-ledger',
  'LATER-WRITES-LISTED': 'list-later-writes',
  'ENCRYPTION-IN-TRANSIT': 'harden',
  'SECURITY-SCAN': 'scan',
} as const

/**
 * What the law and the procedure want of this run, judged by what its steps have shown, and the day by which the ANPD and the
 * persons have to be told (Resolution CD/ANPD 15/2024). What is missing is for a person to accept, by name.
 */
export const validateCompliance: IsolateAndRecoverStep = {
  ...usual,
  id: 'validate-compliance',
  title: 'Validate compliance before opening',
  byHand:
    'Check that access was revoked, evidence preserved, every credential rotated, the ledger replayed, the later writes listed, and the scan clean. Write down the day by which the ANPD and the persons have to be told: three business days after the day on which the incident was known.',
  privilege: 'observe',
  mayAsk: 'a second person, when a control does not hold',
  begin: async (context) => {
    const { approvedBy } = context
    const { missing, ...output } = judge(context)
    if (missing.length === 0 || approvedBy)
      return { kind: 'done', output: { ...output, missing, acceptedBy: approvedBy?.length ?? 0 } }
    return {
      kind: 'ask',
      approval: { kind: 'second-person', question: `These controls do not hold: ${missing.join(', ')}. Open anyway?` },
    }
  },
  preview: async ({ input }) => ({ controls: Object.keys(CONTROLS).length, noticeDue: noticeOf(input) }),
  undo: { none: 'it changes nothing' },
}

function judge({ input, run }: StepContext<IsolateAndRecoverInput>) {
  const holds = (step: string): boolean => {
    const { status, output } = run.steps[step] ?? {}
    const { kind, openCopies = [] } = (output ?? {}) as { kind?: string; openCopies?: readonly string[] }
    return status === 'done' && kind !== 'inconclusive' && openCopies.length === 0
  }
  const missing = Object.entries(CONTROLS).flatMap(([control, step]) => (holds(step) ? [] : [control]))
  return { controls: Object.keys(CONTROLS).length, missing, noticeDue: noticeOf(input) }
}

const noticeOf = ({ knownAt, response }: IsolateAndRecoverInput): string =>
  breachNoticeDue(new Date(knownAt), response.breachNoticeBusinessDays)

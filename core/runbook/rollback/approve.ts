import { openOnce } from '../../calendar/once'
import type { ActionResult, StepContext } from '../model'
import { usual, type RollbackInput, type RollbackStep } from './input'
import { planOf } from './planned'

/** Who looks at a rollback that nobody approved beforehand. */
const REVIEWER = 'Incident Commander'

/** Asked about the plan. Where the incident cannot wait, the question is put to a review afterwards, and stays open until that. */
export const approve: RollbackStep = {
  ...usual,
  id: 'approve',
  title: 'Have the rollback approved',
  byHand:
    'Show the plan to a second person. Without an answer in time nothing is changed. Where the incident is declared critical, go on, and note that the rollback has to be reviewed afterwards.',
  privilege: 'deploy',
  mayAsk: 'a second person, where the policy or the run wants one and the incident is not critical',
  begin: async (context): Promise<ActionResult> => {
    const { input, approvedBy } = context
    if (approvedBy) return { kind: 'done', output: { decidedBy: 'person' } }
    if (input.operation === 'automatic') return { kind: 'done', output: { decidedBy: 'policy' } }
    if (input.wanted.critical)
      return { kind: 'done', output: { decidedBy: 'critical', review: await reviewOf(context) } }
    const { changes, to } = planOf(context)!
    return {
      kind: 'ask',
      approval: {
        kind: 'second-person',
        question: `Put ${changes.map(({ name }) => name).join(', ')} of ${input.environment} back to release ${to}? Data that cannot be judged afterwards is told, and not asked about again.`,
      },
    }
  },
  preview: async ({ input }) => ({ wouldAsk: asks(input), wouldReview: isReviewed(input) }),
  undo: { none: 'it changes nothing' },
}

/** Whether people answer for the run: one who approved it, or who reviews it. Nobody does where the policy alone let it begin. */
export const isAnsweredFor = ({ approve: decided }: StepContext<RollbackInput>['outputs']): boolean => {
  const by = (decided as { readonly decidedBy?: string } | undefined)?.decidedBy
  return by === 'person' || by === 'critical'
}

const isReviewed = ({ operation, wanted }: RollbackInput): boolean =>
  operation === 'approval' && wanted.critical === true
const asks = ({ operation, wanted }: RollbackInput): boolean => operation === 'approval' && !wanted.critical

/** Opens the task of the review, due from the day on which the run began, and gives its id. */
function reviewOf({ ports, input, runId, run }: StepContext<RollbackInput>): Promise<string> {
  const dueAt = new Date(Date.parse(run.startedAt) + input.reviewDays * 86_400_000)
  return openOnce(ports.coordination.recovery, { activity: `rollback-review-${runId}`, owner: REVIEWER, dueAt })
}

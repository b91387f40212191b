import { rule, when, type Rules } from './rule'

const escalationHasNoGap = rule('at every age of an incident somebody is called', ['escalation'], ({ escalation }) => {
  const byTime = escalation
    .filter(({ when: called }) => called === 'by-time')
    .toSorted((a, b) => a.fromMinutes - b.fromMinutes)
  const broken =
    byTime.some((level, i) => (byTime[i - 1]?.untilMinutes ?? 0) !== level.fromMinutes) ||
    byTime.at(-1)?.untilMinutes !== 'open'
  return when(
    broken,
    'escalation',
    'leaves a time at which nobody is called',
    'let each level start where the one before ends, the last one open',
  )
})

const rollbackBudgetsAreOrdered = rule(
  'the expected downtime of a rollback is within its budget',
  ['rollbacks'],
  ({ rollbacks }) =>
    Object.entries(rollbacks).flatMap(([type, { downtimeMinutes: d }]) =>
      when(
        d.expected > d.atMost,
        `rollbacks.${type}.downtimeMinutes.expected`,
        `is ${d.expected}, above the budget of ${d.atMost}`,
        'lower it',
      ),
    ),
)

const documentIsReviewedAfterItStarts = rule(
  'the procedure is reviewed after it came into force',
  ['documentControl.effectiveDate', 'documentControl.reviewDate'],
  ({ documentControl: d }) =>
    when(
      d.reviewDate <= d.effectiveDate,
      'documentControl.reviewDate',
      `is ${d.reviewDate}, not after ${d.effectiveDate}`,
      'set a later date',
    ),
)

export const procedureRules: Rules = {
  escalationHasNoGap,
  rollbackBudgetsAreOrdered,
  documentIsReviewedAfterItStarts,
}

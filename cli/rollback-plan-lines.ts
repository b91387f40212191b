import { CHOICES_WITHOUT_WAY_BACK } from '../core/release/rollback-plan'
import type { ShownRollback } from '../core/runbook/rollback/desk'

/** A plan as a person reads it before somebody carries it out. */
export function planLines({ plan, digest }: ShownRollback, isCritical: boolean): string[] {
  const { environment, type, from, to, changes, staying, obstacles } = plan
  const width = Math.max(...changes.map(({ name }) => name.length))
  return [
    `Plan of a ${type} rollback of ${environment}: from ${from ? released(from) : 'what nobody recorded'} to ${released(to)}`,
    '',
    'Put back, in this order:',
    ...changes.map(
      ({ name, from: now, to: then, because }, at) =>
        `${at + 1}. ${name.padEnd(width)}  ${now ?? 'nothing'} -> ${then}${because ? `, since it needs ${because.join(', ')}` : ''}`,
    ),
    ...(staying.length > 0 ? ['', `Stays as it is, though it depends on them: ${staying.join(', ')}`] : []),
    '',
    ...downtime(plan),
    isCritical
      ? 'Nobody is asked first; a review afterwards stays open.'
      : 'A second person is asked before anything changes; that wait is part of the time that the budget counts.',
    ...obstacles.flatMap(({ component, code, what, choices }) => [
      '',
      `${component} CANNOT be put back (${code}): ${what}`,
      ...(choices ?? []).map((choice) => `  - ${choice}: ${CHOICES[choice] ?? ''}`),
    ]),
    '',
    `Digest: ${digest}`,
  ]
}

/**
 * What is reckoned with, and the worst that still goes as planned. The clock of the budget begins before that: the steps until
 * the first change take what they take.
 */
function downtime({ expectedSeconds, longestSeconds, budgetSeconds }: ShownRollback['plan']): readonly string[] {
  const reserve = budgetSeconds - longestSeconds
  const left =
    reserve > 0
      ? `${minutes(reserve)} of reserve`
      : reserve === 0
        ? 'NO reserve: the steps before the first change come on top'
        : `BEYOND it by ${minutes(-reserve)}`
  return [
    `Expected downtime: ${minutes(expectedSeconds)} as a rule, ${minutes(longestSeconds)} where the platform gets well at the very end of its time`,
    `The procedure allows ${minutes(budgetSeconds)}: ${left}`,
  ]
}

const released = ({ sequence, tag }: { readonly sequence: number; readonly tag: string }): string =>
  `release ${sequence} (${tag})`

const CHOICES: Readonly<Record<string, string>> = CHOICES_WITHOUT_WAY_BACK

const minutes = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Number((seconds / 60).toFixed(1))} min`

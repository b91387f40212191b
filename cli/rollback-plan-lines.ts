import { CHOICES_WITHOUT_WAY_BACK } from '../core/release/rollback-plan'
import type { ShownRollback } from '../core/runbook/rollback/desk'

/** A plan as a person reads it before somebody carries it out. */
export function planLines({ plan, digest }: ShownRollback, isCritical: boolean): string[] {
  const { environment, type, from, to, changes, staying, expectedSeconds, budgetSeconds, obstacles } = plan
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
    `Expected downtime: at most ${minutes(expectedSeconds)}, ${expectedSeconds <= budgetSeconds ? 'within' : 'BEYOND'} the ${minutes(budgetSeconds)} of the procedure`,
    isCritical
      ? 'Nobody is asked first; a review afterwards stays open.'
      : 'A second person is asked before anything changes.',
    ...obstacles.flatMap(({ component, code, what, choices }) => [
      '',
      `${component} CANNOT be put back (${code}): ${what}`,
      ...(choices ?? []).map((choice) => `  - ${choice}: ${CHOICES[choice] ?? ''}`),
    ]),
    '',
    `Digest: ${digest}`,
  ]
}

const released = ({ sequence, tag }: { readonly sequence: number; readonly tag: string }): string =>
  `release ${sequence} (${tag})`

const CHOICES: Readonly<Record<string, string>> = CHOICES_WITHOUT_WAY_BACK

const minutes = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Number((seconds / 60).toFixed(1))} min`

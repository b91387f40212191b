import type { PrintedStep, Procedure } from './printed'

/** A procedure as a document for a person at night: whether it is the right one first, then each step with its commands. */
export function procedureDocument(procedure: Procedure, values: readonly string[]): string {
  const { title, name, purpose, whenNotToUse, steps } = procedure
  return [
    `# ${title}`,
    `Runbook \`${name}\`. ${purpose}`,
    '**Do not use it when**',
    list(whenNotToUse),
    ...(procedure.isStarted ? byMachine(name, values) : NO_MACHINE),
    '## The whole way',
    table(
      ['', 'step', 'who is asked', 'way back'],
      steps.map((step, at) => [
        String(at + 1),
        step.pointOfNoReturn ? `**${step.title}** (point of no return)` : step.title,
        step.approval,
        step.undo,
      ]),
    ),
    '## By hand',
    'In one shell on a host that reaches the databases, with version 2 of the AWS CLI, psql, jq and the credentials of the role for it, and a second person who reads along. In a new shell, set again what the steps before have set. Write down the time of each step.',
    fenced(values),
    ...steps.map(stepDocument),
  ].join('\n\n')
}

const byMachine = (name: string, values: readonly string[]): readonly string[] => [
  '## First: let the machine do it',
  'It does the same steps, asks the same questions and leaves the evidence. Do it by hand only where it does not answer.',
  fenced([
    'export RECOVERY_TARGET=aws',
    ...values.filter((line) => line.startsWith('export ENVIRONMENT=')),
    `npx recovery runbook start ${name} --environment "$ENVIRONMENT" --id plan-1 --mode dry-run --incident <id> --reason <CODE>  # what it would do`,
    `npx recovery runbook start ${name} --environment "$ENVIRONMENT" --id run-1 --mode real --incident <id> --reason <CODE>`,
    'npx recovery runbook status run-1 --environment "$ENVIRONMENT"  # the step, and what it asks of whom',
  ]),
]

const NO_MACHINE: readonly string[] = [
  '## No machine does it',
  'No command starts this runbook in AWS so far. It is rehearsed by the drills, and done by hand.',
]

function stepDocument(step: PrintedStep, at: number): string {
  return [
    `### ${at + 1}. ${step.title}`,
    step.byHand,
    ...(step.commands.length > 0 ? [fenced(step.commands)] : []),
    `**Go on when** ${step.goOnWhen}`,
    `**Otherwise** ${step.onFailure}. Way back: ${step.undo}.`,
    ...(step.wayBack ? [fenced(step.wayBack)] : []),
    ...(step.endsMilestone ? [`Ends the recovery time objective of: ${step.endsMilestone}.`] : []),
  ].join('\n\n')
}

const fenced = (lines: readonly string[]): string => ['```bash', ...lines, '```'].join('\n')

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

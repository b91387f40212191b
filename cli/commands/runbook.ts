import { Command } from 'commander'
import { PROCEDURES, type Procedure } from '../../core/runbook/procedure'
import { UserError } from '../../core/user-error'
import { runCommands } from './runbook-runs'

/** `recovery runbook`: the procedures as people follow them, printed from the data that machines run, and their runs. */
export function runbookCommand(): Command {
  const list = new Command('list').description('name every runbook and what it is for').action(() => {
    process.stdout.write(PROCEDURES.map(({ name, purpose }) => `${name}: ${purpose}\n`).join(''))
  })
  const show = new Command('show')
    .description('print one runbook: order, approvals, undo, and when not to use it')
    .argument('<name>', 'name of the runbook')
    .option('--json', 'print it as one JSON document')
    .action((name: string, options: { json?: true }) => {
      const procedure = find(name)
      process.stdout.write(options.json ? `${JSON.stringify(procedure, undefined, 2)}\n` : render(procedure))
    })
  const runbook = new Command('runbook')
    .description('print the runbooks as procedures for people; start one, and answer what it asks')
    .addCommand(list)
    .addCommand(show)
  for (const command of runCommands()) runbook.addCommand(command)
  return runbook
}

function find(name: string): Procedure {
  const found = PROCEDURES.find((procedure) => procedure.name === name)
  if (found) return found
  throw new UserError(
    'RUNBOOK_UNKNOWN',
    `there is no runbook '${name}'`,
    `use one of: ${PROCEDURES.map((procedure) => procedure.name).join(', ')}`,
  )
}

function render({ title, name, purpose, whenNotToUse, steps }: Procedure): string {
  return [
    `${title} (${name})`,
    '',
    purpose,
    '',
    'When not to use it:',
    ...whenNotToUse.map((reason) => `- ${reason}`),
    '',
    'Steps, always in this order:',
    ...steps.flatMap((step, at) => [
      '',
      `${at + 1}. ${step.title}`,
      `   By hand: ${step.byHand}`,
      `   Approval: ${step.approval}`,
      `   On failure: ${step.onFailure}`,
      `   Undo: ${step.undo}`,
      ...(step.endsMilestone ? [`   Ends the recovery time objective: ${step.endsMilestone}`] : []),
    ]),
    '',
  ].join('\n')
}

import { Command, Option } from 'commander'
import { withRecoveryRegion } from '../../core/policy'
import { procedureDocument } from '../../core/procedure/markdown'
import { PROCEDURES, type Procedure } from '../../core/procedure/printed'
import { valuesOf } from '../../core/procedure/values'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'
import { runCommands } from './runbook-runs'

/** `recovery runbook`: the procedures as people follow them, printed from the data that machines run, and their runs. */
export function runbookCommand(): Command {
  const list = new Command('list').description('name every runbook and what it is for').action(() => {
    process.stdout.write(PROCEDURES.map(({ name, purpose }) => `${name}: ${purpose}\n`).join(''))
  })
  const show = new Command('show')
    .description('print one runbook: order, approvals, undo, and when not to use it')
    .argument('<name>', 'name of the runbook')
    .addOption(
      new Option('--environment <name>', 'whose names to print').choices([...ENVIRONMENTS]).default('production'),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'print it as one JSON document')
    .action((name: string, options: PolicyOptions & { json?: true }) => {
      const procedure = find(name)
      const values = valuesOf(withRecoveryRegion(chosenPolicy(options)), procedure.name)
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ ...procedure, values }, undefined, 2)}\n`
          : `${procedureDocument(procedure, values)}\n`,
      )
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

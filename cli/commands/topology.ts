import { Command, Option } from 'commander'
import { topologyDrift, type TopologyDrift } from '../../core/topology/drift'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'

/** `recovery topology`: whether the instances are what the policy declares. */
export function topologyCommand(): Command {
  const drift = new Command('drift')
    .description('compare the declared topology with the live role of every instance in AWS; fails where they differ')
    .addOption(
      new Option('--environment <name>', 'whose instances to look at').choices([...ENVIRONMENTS]).makeOptionMandatory(),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'print one JSON document')
    .action(async (options: PolicyOptions & { readonly json?: true }) => {
      const { regionalInventory } = await import('../../adapters/aws/regional-inventory')
      const found = await topologyDrift(chosenPolicy(options), regionalInventory(process.env))
      process.stdout.write(options.json ? `${JSON.stringify({ drift: found }, undefined, 2)}\n` : told(found))
      if (found.length > 0)
        throw new UserError(
          'TOPOLOGY_DRIFT',
          `${found.length} of the instances are not what the policy declares`,
          'do for each what is said above',
        )
    })
  return new Command('topology').description('whether the instances are what the policy declares').addCommand(drift)
}

const told = (found: readonly TopologyDrift[]): string =>
  found.length === 0
    ? 'every instance is what the policy declares\n'
    : found
        .map(
          ({ instance, declared, live, code, remedy }) =>
            `${instance}: declared as ${declared}, is ${live} (${code}); ${remedy}\n`,
        )
        .join('')

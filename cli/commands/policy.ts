import { Command, Option } from 'commander'
import {
  explain,
  feasibilityTable,
  lostByImport,
  nearestPaths,
  renderFeasibility,
  RULES,
  type FeasibilityRow,
} from '../../core/policy'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS, originOf } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'
import { presetInForce } from '../preset-file'

interface Options extends PolicyOptions {
  readonly json?: true
}

/** `recovery policy check | show | explain <path>`: check exits 1 when a promise cannot be kept. */
export function policyCommand(): Command {
  const check = shared(
    new Command('check').description('check every rule and whether each promise can be kept'),
  ).action((options: Options) => {
    const policy = chosenPolicy(options)
    const table = feasibilityTable(policy)
    const lost = lostByImport(policy)
    const of = (wanted: FeasibilityRow['verdict']) => table.filter(({ verdict }) => verdict === wanted).length
    const unreachable = of('unreachable')
    const answer = {
      environment: options.environment,
      rules: RULES.length,
      unreachable,
      feasibility: table,
      imports: lost,
    }
    print(options, answer, () =>
      [
        `${options.environment}: ${RULES.length} rules hold, ${unreachable} of ${table.length} promises cannot be kept; ${of('residual-risk')} at an accepted risk, ${of('exception')} lost by a declared exception`,
        renderFeasibility(table),
        ...lost.map(({ resource, required }) => `imported ${resource}: ${required}; no template of ours sees to it`),
      ].join('\n'),
    )
    process.exitCode = unreachable === 0 ? 0 : 1
  })
  const show = shared(new Command('show').description('print the resolved policy')).action((options: Options) => {
    const policy = chosenPolicy(options)
    print(options, policy, () => outline(policy).join('\n'))
  })
  const explainPath = shared(
    new Command('explain')
      .description('value, meaning, origin and rules of one field')
      .argument('<path>', 'such as objectives.rpo.patientMinutes'),
  ).action((path: string, options: Options) => {
    const policy = chosenPolicy(options)
    const found = explain(policy, path)
    if (!found)
      throw new UserError(
        'POLICY_PATH_UNKNOWN',
        `the policy has no field '${path}'`,
        `try ${nearestPaths(policy, path).join(', ')}`,
      )
    const origin = originOf(options.environment, path, presetInForce(options.preset))
    print(options, { ...found, origin }, () =>
      [
        `${path} = ${JSON.stringify(found.value)}`,
        `meaning: ${found.meaning}`,
        `from: ${origin}`,
        ...found.rules.map(({ id, promise }) => `rule ${id}: ${promise}`),
      ].join('\n'),
    )
  })
  return new Command('policy')
    .description('check, show and explain the recovery policy')
    .addCommand(check)
    .addCommand(show)
    .addCommand(explainPath)
}

const shared = (command: Command): Command =>
  command
    .addOption(
      new Option('--environment <name>', 'which overlay to resolve').choices([...ENVIRONMENTS]).default('production'),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'print one JSON document')

/** JSON has no infinity; a state that is never reached is the word. */
const infinityAsWord = (_: string, value: unknown): unknown => (value === Infinity ? 'never' : value)

const print = ({ json }: Options, document: unknown, render: () => string): void => {
  process.stdout.write(`${json ? JSON.stringify(document, infinityAsWord, 2) : render()}\n`)
}

function outline(value: object, indent = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null
      ? [`${indent}${key}:`, ...outline(inner, `${indent}  `)]
      : [`${indent}${key}: ${String(inner)}`],
  )
}

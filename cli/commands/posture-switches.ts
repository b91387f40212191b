import { Command, Option } from 'commander'
import {
  NOT_OPTIONAL,
  switchStates,
  type Effect,
  type NotOptional,
  type SwitchState,
} from '../../core/posture/switches'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'

interface Options extends PolicyOptions {
  readonly json?: true
}

/** `recovery posture switches`: what can be turned off, where, and what is lost by it. */
export const switchesCommand = (): Command =>
  new Command('switches')
    .description('each optional or costly feature: the field that turns it off, and the protection then lost')
    .addOption(
      new Option('--environment <name>', 'which overlay to resolve').choices([...ENVIRONMENTS]).default('production'),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'one JSON document on stdout')
    .action((options: Options) => {
      const switches = switchStates(chosenPolicy(options))
      const text = options.json
        ? JSON.stringify({ environment: options.environment, switches, notOptional: NOT_OPTIONAL }, undefined, 2)
        : [...switches.map(asText), ...NOT_OPTIONAL.map(withoutSwitch)].join('\n')
      process.stdout.write(`${text}\n`)
    })

const withoutSwitch = ({ feature, because }: NotOptional): string =>
  `${'always'.padEnd(10)} ${feature}\n${' '.repeat(11)}costs, and is not optional: ${because}`

/** What a person reads behind the field; nothing where the feature is off anyway. */
function effectOf(effect: Effect): string {
  if ('gone' in effect) return `in production this goes: ${effect.gone}`
  if ('refusedBy' in effect) return `in production ${effect.refusedBy} refuses it until what rests on it is changed too`
  return 'off in production already'
}

const asText = ({ feature, path, off, lost, effect, ...state }: SwitchState): string =>
  `${standing(state).padEnd(10)} ${feature}\n${' '.repeat(11)}off by ${path}: ${JSON.stringify(off)}\n${' '.repeat(11)}then lost: ${lost}\n${' '.repeat(11)}${effectOf(effect)}`

function standing({ on, places }: Pick<SwitchState, 'on' | 'places'>): string {
  if (places === 0) return 'not there'
  if (places === 1) return on === 1 ? 'on' : 'off'
  return `${on} of ${places} on`
}

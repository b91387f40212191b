import { Option, type Command } from 'commander'
import { localActor, localOperator } from '../adapters/local/operator'
import { standingWorld, storesOf } from '../adapters/local/standing-world'
import type { OperatorWorld } from '../core/operator'
import { isPortError } from '../core/ports/errors'
import { UserError } from '../core/user-error'
import { ENVIRONMENTS } from '../policy'
import { chosenPolicy, type PolicyOptions } from './chosen-policy'

export interface OperatorOptions extends PolicyOptions {
  readonly target: 'local' | 'aws'
  readonly folder: string
  readonly as?: string
}

/** Options of every command that works on what operators share. */
export const asOperator = (command: Command): Command =>
  onTarget(command).addOption(
    new Option('--environment <name>', 'environment it acts on').choices([...ENVIRONMENTS]).makeOptionMandatory(),
  )

/** The same but for the environment. There is no default target: whoever changes something says where. */
export const onTarget = (command: Command): Command =>
  command
    .addOption(
      new Option('--target <target>', 'where it acts')
        .choices(['local', 'aws'])
        .env('RECOVERY_TARGET')
        .makeOptionMandatory(),
    )
    .option('--preset <file>', 'JSON file that chooses the recovery region (default: the one cdk.json names)')
    .option('--folder <dir>', 'where a local target lies', '.recovery')
    .addOption(
      new Option('--as <role/name>', 'who acts on a local target; AWS knows it from the credentials').env(
        'RECOVERY_ACTOR',
      ),
    )

/** The world that the options name. Throws UserError for options that name none, and for an AWS that refuses. */
export async function operatorWorld(options: OperatorOptions): Promise<OperatorWorld> {
  const policy = chosenPolicy(options)
  if (options.target === 'local') {
    const world = await localOperator(options.folder, policy, actorOf(options.as))
    const standing = await standingWorld(options.folder)
    // What people share about a world that stands is where its own programs look for it.
    return standing ? { ...world, places: storesOf(standing) } : world
  }
  const { awsOperator } = await import('../adapters/aws/operator')
  return refused(() => awsOperator(policy, process.env))
}

/** Turns what a port refuses into what a person can put right. */
export async function refused<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!isPortError(error)) throw error
    throw new UserError(error.code, error.message, REMEDY[error.failure], { cause: error })
  }
}

const REMEDY = {
  unreachable: 'try again; what was asked may or may not have been done, and asking twice does no harm',
  throttled: 'wait a moment and try again',
  conflict: 'look at how it stands now, then decide again',
  denied: 'let somebody act who may',
  invalid: 'change what was asked for',
} as const

function actorOf(text: string | undefined): OperatorWorld['actor'] {
  const actor = text === undefined ? undefined : localActor(text)
  if (actor) return actor
  throw new UserError(
    'ACTOR_UNKNOWN',
    text === undefined ? 'nobody is named who acts' : `'${text}' names no role and person`,
    "name them with --as, such as --as 'DevOps Lead/first'",
  )
}

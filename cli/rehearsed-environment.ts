import { requireStandingWorld } from '../adapters/local/standing-world'
import type { Policy } from '../core/policy'
import { UserError } from '../core/user-error'
import type { OperatorOptions } from './operator'

type Environment = Policy['environment']

/**
 * The environment whose releases a command is about. A local world is one of one environment; `test`, where nothing is ever
 * changed, looks at it all the same. Throws UserError where no world stands, or one of another environment.
 */
export async function localEnvironment(
  { target, folder }: Pick<OperatorOptions, 'target' | 'folder'>,
  asked: Environment,
): Promise<Environment> {
  if (target !== 'local') return asked
  const { environment } = await requireStandingWorld(folder)
  if (asked === environment || asked === 'test') return environment
  throw new UserError(
    'WORLD_OTHER_ENVIRONMENT',
    `the local world stands for '${environment}', not for '${asked}'`,
    `start one with 'npx recovery world up --environment ${asked}'`,
  )
}

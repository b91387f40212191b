import { lookAtStanding } from '../adapters/local/standing-health'
import { standingWorld } from '../adapters/local/standing-world'
import type { HealthVerdict } from '../core/health/judges'
import { UserError } from '../core/user-error'
import { chosenPolicy } from './chosen-policy'

/** The health of the world that stands on this machine. Throws UserError where none does, or it is of another environment. */
export async function lookHere(
  { folder, preset }: { readonly folder: string; readonly preset?: string },
  environment: string | undefined,
): Promise<HealthVerdict[]> {
  const world = await standingWorld(folder)
  if (!world)
    throw new UserError(
      'NO_WORLD',
      `no local world stands for '${folder}', and nothing says that AWS is meant`,
      "start one in another terminal with 'npx recovery world up', or say RECOVERY_TARGET=aws",
    )
  if (environment !== undefined && environment !== world.environment)
    throw new UserError(
      'ENVIRONMENT_NOT_HERE',
      `the world that stands is of '${world.environment}', not of '${environment}'`,
      `leave the environment out, or say RECOVERY_TARGET=aws`,
    )
  const policy = chosenPolicy({ environment: world.environment, ...(preset !== undefined && { preset }) })
  return lookAtStanding(folder, world, policy)
}

import { localDeployments } from '../adapters/local/deployments'
import { platformOf } from '../adapters/local/platform'
import { standingWorld } from '../adapters/local/standing-world'
import type { Deployments } from '../core/ports/deployments'
import type { OperatorOptions } from './operator'

/** What is deployed of the platform that stands for a folder of this machine; undefined where none stands. */
export async function standingDeployments({
  folder,
}: Pick<OperatorOptions, 'folder'>): Promise<Deployments | undefined> {
  const standing = await standingWorld(folder)
  return standing && localDeployments(platformOf(standing))
}

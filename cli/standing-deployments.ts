import type { Deployments } from '../core/ports/deployments'
import type { OperatorOptions } from './operator'

/** What is deployed of the platform that stands for a folder of this machine; undefined where none stands. */
export const standingDeployments: (
  options: Pick<OperatorOptions, 'folder'>,
) => Promise<Deployments | undefined> = async () => undefined

import { awsDeployments } from '../../adapters/aws/deployments/aws-deployments'
import { ownWorld } from '../../adapters/aws/own-world'
import { tellingFailure } from '../../adapters/aws/told-failure'
import { serveDeployed } from '../../core/release/deployed-call'
import { invocation } from '../invocation'
import * as form from './contract'

const world = ownWorld(process.env)
const deployed = awsDeployments(world)

export const handler = invocation(form, (call) => tellingFailure(() => serveDeployed(deployed, world.policy, call)))

import { closingWorld } from '../../adapters/aws/operations-world'
import { resolveIncident } from '../../core/coordination/resolve-incident'
import { invocation } from '../invocation'
import * as form from './contract'

const world = closingWorld(process.env)

export const handler = invocation(form, (request) => resolveIncident(world, request))

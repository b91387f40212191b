import { sessionsWith } from '../../adapters/aws/own-database'
import { ownDatabasesWorld } from '../../adapters/aws/own-world'
import { lookBeside } from '../../adapters/aws/health-beside'
import { invocation } from '../invocation'
import * as form from './contract'

const { databases, policy } = ownDatabasesWorld(process.env)

export const handler = invocation(form, ({ instance }) =>
  lookBeside(sessionsWith(databases), instance, policy.pace.detection),
)

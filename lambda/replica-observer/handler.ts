import { sessionsWith } from '../../adapters/aws/own-database'
import { ownDatabasesWorld } from '../../adapters/aws/own-world'
import { observeReceiver } from '../../adapters/aws/replica-observer'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import * as form from './contract'

const { databases, policy } = ownDatabasesWorld(process.env)

export const handler = invocation(form, ({ instance }) =>
  observeReceiver(sessionsWith(databases), instance, policy.pace.detection, systemClock),
)

import { ownDatabaseWorld } from '../../adapters/aws/own-world'
import { observeReceiver } from '../../adapters/aws/replica-observer'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import * as form from './contract'

const { database, policy } = ownDatabaseWorld(process.env)

export const handler = invocation(form, ({ instance }) =>
  observeReceiver(database, instance, policy.pace.detection, systemClock),
)

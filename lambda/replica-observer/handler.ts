import { ownDatabaseWorld } from '../../adapters/aws/own-world'
import { observeReceiver } from '../../adapters/aws/replica-observer'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import { input } from './contract'

const { database, policy } = ownDatabaseWorld(process.env)

export const handler = invocation('replica-observer', async (event) =>
  observeReceiver(database, input.parse(event).instance, policy.pace.detection, systemClock),
)

import { setting } from '../../adapters/aws/environment'
import { probe, sample } from '../../adapters/net/http-probe'
import { ownWorld } from '../../adapters/aws/own-world'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import * as form from './contract'

const { policy } = ownWorld(process.env)
const urls = {
  primary: setting(process.env, 'primaryHealthUrl'),
  served: setting(process.env, 'servedHealthUrl'),
}

const { detection } = policy.pace

export const handler = invocation(form, ({ of }) =>
  of === 'primary'
    ? probe(urls.primary, detection, systemClock)
    : sample(urls.served, policy.operations.availability, detection.probeTimeoutSeconds, systemClock),
)

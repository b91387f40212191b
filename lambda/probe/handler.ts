import { setting } from '../../adapters/aws/environment'
import { probe } from '../../adapters/aws/http-probe'
import { ownWorld } from '../../adapters/aws/own-world'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'

const { policy } = ownWorld(process.env)
const url = setting(process.env, 'healthUrl')

export const handler = invocation('probe', () => probe(url, policy.pace.detection, systemClock))

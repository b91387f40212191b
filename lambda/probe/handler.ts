import { setting } from '../../adapters/aws/environment'
import { probe } from '../../adapters/aws/http-probe'
import { ownWorld } from '../../adapters/aws/own-world'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import * as form from './contract'

const { policy } = ownWorld(process.env)
const url = setting(process.env, 'healthUrl')

export const handler = invocation(form, () => probe(url, policy.pace.detection, systemClock))

import { setting } from '../../adapters/aws/environment'
import { probe } from '../../adapters/aws/http-probe'
import { ownWorld } from '../../adapters/aws/own-world'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import * as form from './contract'

const { policy } = ownWorld(process.env)
const urls = {
  primary: setting(process.env, 'primaryHealthUrl'),
  served: setting(process.env, 'servedHealthUrl'),
}

export const handler = invocation(form, ({ of }) => probe(urls[of], policy.pace.detection, systemClock))

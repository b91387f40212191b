import { regionHealth } from '../../adapters/aws/health-world'
import { invocation } from '../invocation'
import * as form from './contract'

const health = regionHealth(process.env)

export const handler = invocation(form, ({ ask, days }) => (ask === 'history' ? health.history(days) : health.look()))

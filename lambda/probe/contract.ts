import { VARIABLE } from '../../adapters/aws/environment'
import { observation, probeRequest } from '../../adapters/aws/wire'
import { withPolicy } from '../contract'

export const input = probeRequest

export const output = observation

/** Asks the API for its health from one place. */
export const contract = withPolicy({
  name: 'probe',
  places: ['recovery', 'witness'],
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.primaryHealthUrl, VARIABLE.servedHealthUrl],
  permissions: [],
})

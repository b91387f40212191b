import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { observation } from '../../adapters/aws/wire'
import { withPolicy } from '../contract'

export const input = z.object({})

export const output = observation

/** Asks the served API for its health from one place. */
export const contract = withPolicy({
  name: 'probe',
  places: ['recovery', 'witness'],
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.healthUrl],
  permissions: [],
})

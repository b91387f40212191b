import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { attempts, observation, probeRequest } from '../../adapters/aws/wire'
import { withPolicy } from '../contract'

export const input = probeRequest

export const output = z.union([observation, attempts])

/** Asks from one place for the health of the primary region until it is sure, or again and again for what clients are served. */
export const contract = withPolicy({
  name: 'probe',
  places: ['recovery', 'witness'],
  network: 'none',
  timeoutSeconds: 60,
  // Each minute one run asks for most of it; two of those may overlap, and neither may keep a failover from asking.
  concurrency: 6,
  // It waits for answers, most of a minute in each.
  memoryMegabytes: 256,
  environment: [VARIABLE.primaryHealthUrl, VARIABLE.servedHealthUrl],
  permissions: [],
})

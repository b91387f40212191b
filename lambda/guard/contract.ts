import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_DATABASES, RESTORED_DATABASES, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

/** How many rounds of one invocation came to what. */
export const output = z.record(z.string(), z.number())

/**
 * Renews the write lease of each declared database of its region, or closes it; and of one that was restored, once the right
 * to write is its own. Started each minute, works for 55 seconds of it.
 */
export const contract = withPolicy({
  name: 'guard',
  places: ['primary', 'recovery'],
  network: 'isolated',
  timeoutSeconds: 75,
  publishes: ['leaseRenewals'],
  environment: [...OWN_DATABASES, VARIABLE.coordinationReader],
  permissions: [
    { actions: ['lambda:InvokeFunction'], on: 'own-coordination-reader-function' },
    { actions: ['rds-db:connect'], on: 'own-database-user:fence-role' },
    ...RESTORED_DATABASES,
  ],
})

/** Time in which one invocation begins new rounds; the next one starts 60 seconds after this one. */
export const WORKING_SECONDS = 55

import * as z from 'zod/mini'
import { instanceRef, observation } from '../../adapters/aws/wire'
import { OWN_DATABASES, withPolicy } from '../contract'

export const input = z.object({ instance: instanceRef })
export const output = observation

/** Looks at the replication receiver of a replica in its region. */
export const contract = withPolicy({
  name: 'replica-observer',
  places: ['primary', 'recovery'],
  network: 'isolated',
  timeoutSeconds: 30,
  environment: OWN_DATABASES,
  permissions: [{ actions: ['rds-db:connect'], on: 'own-database-user:fence-role' }],
})

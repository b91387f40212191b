import * as z from 'zod/mini'
import { databaseHealth, instanceRef } from '../../adapters/aws/wire'
import { OWN_DATABASES, withPolicy } from '../contract'

export const input = z.object({ instance: instanceRef })
export const output = databaseHealth

/** Looks from beside a database of its region whether it reads, writes and follows; writes one row of our own and no other. */
export const contract = withPolicy({
  name: 'health-database',
  places: ['primary', 'recovery'],
  network: 'isolated',
  timeoutSeconds: 45,
  environment: OWN_DATABASES,
  permissions: [{ actions: ['rds-db:connect'], on: 'own-database-user:fence-role' }],
})

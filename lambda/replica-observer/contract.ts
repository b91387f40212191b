import * as z from 'zod/mini'
import { instanceRef, OWN_DATABASE, withPolicy } from '../contract'
import { output } from '../probe/contract'

export const input = z.object({ instance: instanceRef })
export { output }

/** Looks at the replication receiver of the replica in its region. */
export const contract = withPolicy({
  name: 'replica-observer',
  places: ['recovery'],
  network: 'isolated',
  timeoutSeconds: 30,
  environment: OWN_DATABASE,
  permissions: [{ actions: ['rds-db:connect'], on: 'own-database-user:fence-role' }],
})

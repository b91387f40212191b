import * as z from 'zod/mini'
import { instanceRef, observation } from '../../adapters/aws/wire'
import { besideDatabases } from '../contract'

export const input = z.object({ instance: instanceRef })
export const output = observation

/** Looks at the replication receiver of a replica in its region. */
export const contract = besideDatabases({
  name: 'replica-observer',
  timeoutSeconds: 30,
})

import * as z from 'zod/mini'
import { databaseHealth, instanceRef } from '../../adapters/aws/wire'
import { besideDatabases } from '../contract'

export const input = z.object({ instance: instanceRef })
export const output = databaseHealth

/** Looks from beside a database of its region whether it reads, writes and follows; writes one row of our own and no other. */
export const contract = besideDatabases({
  name: 'health-database',
  timeoutSeconds: 45,
})

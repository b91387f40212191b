import * as z from 'zod/mini'
import { instanceRef, OWN_DATABASE, withPolicy } from '../contract'

export const input = z.object({ instance: instanceRef, key: z.string(), epoch: z.number() })

export const output = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fenced'), rolesRefused: z.array(z.string()), sessionsTerminated: z.number() }),
  z.object({ kind: z.literal('not-proven'), rolesStillWriting: z.array(z.string()) }),
  z.object({ kind: z.literal('unreachable') }),
])

/** Closes the database of its own region, and proves it through each login role. */
export const contract = withPolicy({
  name: 'fence',
  places: ['primary'],
  network: 'isolated',
  timeoutSeconds: 60,
  environment: OWN_DATABASE,
  permissions: [
    {
      actions: ['rds-db:connect'],
      on: 'own-database-user:every-role',
      reason: 'a fence is proven by a refused login through each role, whichever roles the database holds',
    },
  ],
})

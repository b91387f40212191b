import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { withPolicy } from '../contract'

export const input = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('get'), place: z.enum(['recovery', 'witness']), key: z.string() }),
  z.object({
    verb: z.literal('list'),
    place: z.enum(['recovery', 'witness']),
    prefix: z.string(),
    after: z.optional(z.string()),
  }),
])

/** Items in key order; `next` where more follow, or why the store could not be asked. */
export const output = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('items'),
    items: z.array(z.object({ key: z.string(), value: z.json(), version: z.string() })),
    next: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('failed'), failure: z.string(), code: z.string() }),
])

/**
 * Reads the coordination tables of other regions for functions in isolated subnets, which reach no other region.
 * It cannot write, and reads only what a guard and a ledger replay need.
 */
export const contract = withPolicy({
  name: 'coordination-reader',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 30,
  environment: [VARIABLE.recoveryTable, VARIABLE.witnessTable],
  permissions: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      on: 'recovery-coordination-table',
      leadingKeys: ['writer-epoch', 'erasure-ledger'],
    },
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      on: 'witness-coordination-table',
      leadingKeys: ['writer-epoch', 'erasure-ledger'],
    },
  ],
})

import * as z from 'zod/mini'
import { EPOCH_KEY, EXAMINATION_PREFIX } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { integrityFinding, tablePart } from '../../adapters/aws/wire'
import { OWN_EVIDENCE, withPolicy } from '../contract'

const item = z.union([z.object({ catalog: z.literal(true) }), z.object({ parts: z.readonly(z.array(tablePart)) })])
const tables = z.readonly(z.array(z.string()))
const comparedItem = z.object({
  findings: z.readonly(z.array(integrityFinding)),
  damaged: z.object({ source: tables, replica: tables }),
  compared: z.number(),
})

/** What the state machine asks: the plan, one item of it, and at last what all of them came to. */
export const input = z.discriminatedUnion('task', [
  z.object({ task: z.literal('plan') }),
  z.object({ task: z.literal('compare'), item }),
  z.object({
    task: z.literal('end'),
    run: z.string().check(z.regex(/^[\w.:-]{1,100}$/)),
    startedAt: z.iso.datetime(),
    items: z.readonly(z.array(comparedItem)),
  }),
])

export const output = z.union([
  z.object({ items: z.readonly(z.array(item)) }),
  comparedItem,
  z.object({
    verdict: z.enum(['pass', 'fail', 'inconclusive', 'not-the-writer']),
    failures: z.number(),
    parts: z.number(),
  }),
])

/**
 * Compares the replica of its region with its source, part by part, through the functions beside the two: neither database is
 * reached from the other's region, and no call lasts longer than one piece.
 */
export const contract = withPolicy({
  name: 'replica-comparison',
  places: ['recovery'],
  network: 'none',
  timeoutSeconds: 900,
  // What the policy lets the state machine ask at once, and the end of a run before.
  concurrency: 3,
  publishes: ['dataIntegrityFailures', 'replicaComparisons'],
  environment: [
    VARIABLE.contentReader,
    VARIABLE.primaryInstance,
    VARIABLE.replicaInstance,
    VARIABLE.recoveryTable,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    { actions: ['lambda:InvokeFunction'], on: 'content-reader-functions' },
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: [EPOCH_KEY] },
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on: 'recovery-coordination-table',
      leadingKeys: [EXAMINATION_PREFIX],
    },
    ...OWN_EVIDENCE.permissions,
  ],
})

import * as z from 'zod/mini'
import { BASELINE_HISTORY_PREFIX, BASELINE_KEY, EPOCH_KEY, EXAMINATION_PREFIX } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  coordination: z.enum(['begun', 'completed', 'there']),
  baseline: z.enum(['recorded', 'fresh', 'differs', 'not-the-writer']),
  differing: z.optional(z.readonly(z.array(z.string()))),
  findings: z.readonly(z.array(z.string())),
})

/** Makes the first start, and keeps ready what a failover rests on. Stands outside of the network, to reach all regions. */
export const contract = withPolicy({
  name: 'readiness',
  places: ['primary'],
  network: 'none',
  // Lambda's longest, because it waits for a pass over the tables.
  timeoutSeconds: 900,
  concurrency: 1,
  publishes: ['readinessFindings', 'dataIntegrityFailures'],
  environment: [
    VARIABLE.recoveryTable,
    VARIABLE.witnessTable,
    VARIABLE.recoverySwitchBucket,
    VARIABLE.witnessSwitchBucket,
    VARIABLE.readinessDatabase,
    VARIABLE.servingInstance,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on: 'recovery-coordination-table',
      leadingKeys: [EPOCH_KEY, BASELINE_KEY, BASELINE_HISTORY_PREFIX, EXAMINATION_PREFIX],
    },
    { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], on: 'witness-coordination-table', leadingKeys: [EPOCH_KEY] },
    { actions: ['s3:PutObject'], on: 'recovery-switch-marker' },
    { actions: ['s3:PutObject'], on: 'witness-switch-marker' },
    { actions: ['lambda:InvokeFunction'], on: 'own-readiness-database-function' },
    ...OWN_EVIDENCE.permissions,
  ],
})

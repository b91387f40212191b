import * as z from 'zod/mini'
import { CONFIGURATION } from '../configuration-contract'
import { withPolicy } from '../contract'

/** What Parameter Store tells EventBridge. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html */
export const input = z.object({
  'detail-type': z.literal('Parameter Store Change'),
  time: z.iso.datetime(),
  detail: z.object({
    name: z.string(),
    operation: z.enum(['Create', 'Update', 'Delete', 'LabelParameterVersion']),
  }),
})

export const output = z.object({ written: z.number(), afterSeconds: z.number() })

/** Brings a changed setting to both data regions. */
export const contract = withPolicy({
  name: 'configuration-copy',
  places: ['primary', 'recovery'],
  network: 'none',
  // The policy's deadline and one more try; a test holds it above the two.
  timeoutSeconds: 120,
  // A change is announced once; what a region holds already is not written again.
  retries: 2,
  // A deployment changes many settings at once, and each has its own minute.
  concurrency: 20,
  publishes: ['configurationCopySeconds'],
  environment: CONFIGURATION.environment,
  permissions: [
    { actions: ['ssm:GetParameterHistory'], on: 'own-parameters' },
    { actions: ['s3:ListBucket'], on: 'configuration-buckets' },
    ...CONFIGURATION.permissions,
  ],
})

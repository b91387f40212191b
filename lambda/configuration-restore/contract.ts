import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

const key = z.string().check(z.regex(/^(environments|versions)\/[\w./-]{1,1000}$/))

/** Of all settings at once: a hash. */
const version = z.string().check(z.regex(/^[0-9a-f]{32}$/))

/** What the desk hands on; it has asked who may. */
export const input = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('versions'),
    source: z.string().check(z.regex(/^[a-z0-9-]{1,30}$/)),
    setting: z.optional(z.string().check(z.regex(/^\/[\w./-]{1,1000}$/))),
  }),
  z.strictObject({ verb: z.literal('show'), key }),
  z.strictObject({ verb: z.literal('plan'), key }),
  z.strictObject({
    verb: z.literal('apply'),
    key,
    digest: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
    reasonCode: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{2,60}$/)),
    person: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
  }),
  z.strictObject({ verb: z.literal('released-in-force') }),
  z.strictObject({ verb: z.literal('released-keep') }),
  z.strictObject({ verb: z.literal('released-held'), version }),
  z.strictObject({
    verb: z.literal('released-put-back'),
    version,
    key: z.string().check(z.regex(/^[\w./:-]{1,160}$/)),
  }),
])

export const output = z.object({ status: z.number(), body: z.unknown() })

/**
 * Puts settings of its region back in force from its region's own copies, with its region's own key: nothing of the other
 * region is needed. Called by the desk, and by what records and rolls back releases: their settings are kept here as well.
 */
export const contract = withPolicy({
  name: 'configuration-restore',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 120,
  environment: [
    VARIABLE.configurationKey,
    VARIABLE.configurationSecrets,
    VARIABLE.configurationBuckets,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    { actions: ['ssm:DeleteParameter', 'ssm:GetParametersByPath', 'ssm:PutParameter'], on: 'own-parameters' },
    { actions: ['secretsmanager:DescribeSecret'], on: 'configuration-secrets' },
    { actions: ['s3:ListBucket'], on: 'own-configuration-bucket' },
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      on: 'own-configuration-objects',
      reason: 'each version has a key of its own',
    },
    // Envelopes and sealed settings are read, and sealed settings are put, all under the one key.
    { actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], on: 'own-configuration-key' },
    ...OWN_EVIDENCE.permissions,
  ],
})

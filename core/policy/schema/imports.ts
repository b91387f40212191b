import { z } from 'zod'
import { count, days, keyArn, text } from './values'

/** What a key encrypts or signs; one key each, so that a grant never opens more than its purpose. */
export const KEY_PURPOSES = [
  'database',
  'backup',
  'evidence',
  'coordination',
  'operations',
  'checkpoint',
  'assets',
  'code',
  'code-signing',
  'configuration',
  'file-transfer',
  'archive',
  'audit',
] as const

const database = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('create').describe('whether the writer is created or imported') }),
  z.strictObject({
    mode: z.literal('import').describe('whether the writer is created or imported'),
    generation: count('instance of the topology that it is'),
    instanceIdentifier: text('name of the existing instance'),
    endpointHost: text('its endpoint; host name'),
    port: z.number().int().min(1).max(65_535).describe('its port; number'),
    resourceId: z
      .string()
      .regex(/^db-[A-Z0-9]+$/, 'a resource id such as db-ABCDEFGHIJKL')
      .describe('what IAM logins are granted on'),
    securityGroupId: z
      .string()
      .regex(/^sg-[0-9a-z]+$/, 'a security group such as sg-0123')
      .describe('group of the instance; our functions are let in'),
    kmsKeyArn: keyArn('customer-managed key that encrypts it; backups under the key of RDS itself leave no account'),
    ownerSecretArn: z
      .string()
      .regex(/^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/, 'the ARN of a secret')
      .describe('secret with username and password of its owner, by which the guard is installed'),
    ownerSecretKeyArn: keyArn('key that encrypts that secret'),
    backupRetentionDays: days('retention that its own settings state'),
  }),
])

const keys = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('create').describe('whether keys are created or imported') }),
  z.strictObject({
    mode: z.literal('import').describe('whether keys are created or imported'),
    existing: z
      .array(
        z.strictObject({
          region: z.enum(['primary', 'recovery', 'witness']).describe('role of the region it stands in'),
          purpose: z.enum(KEY_PURPOSES).describe('what it is for; every other purpose gets a key of its own'),
          arn: keyArn('the existing key'),
        }),
      )
      .min(1),
  }),
])

/** What exists already and is used instead of created. Networks are imported in the topology; hosted zones always are (ADR 009). */
export const imports = z.strictObject({ database, keys })

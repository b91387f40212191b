import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  findings: z.readonly(z.array(z.string())),
  commit: z.optional(z.string()),
  ageMinutes: z.optional(z.number()),
})

/** Checks age, signature and content of the newest copy of the code in its region. */
export const contract = withPolicy({
  name: 'code-check',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 60,
  publishes: ['codeFindings'],
  environment: [VARIABLE.codeBucket, VARIABLE.codeSigningKey, ...OWN_EVIDENCE.environment],
  permissions: [
    { actions: ['s3:ListBucket'], on: 'own-code-bucket' },
    { actions: ['s3:GetObject'], on: 'own-code-objects', reason: 'each copy has keys of its own, below one bucket' },
    { actions: ['kms:Decrypt'], on: 'own-code-key' },
    { actions: ['kms:GetPublicKey'], on: 'own-code-signing-key' },
    ...OWN_EVIDENCE.permissions,
  ],
})

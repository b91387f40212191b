import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** The id of a recorded disposal; everything else stands in the record. */
export const input = z.object({ disposal: z.string().check(z.regex(/^[\w-]{1,64}$/)) })

export const output = z.object({ versions: z.number() })

/** Destroys archived objects of its region, only by a recorded disposal that two people approved. */
export const contract = withPolicy({
  name: 'archive-disposal',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 900,
  environment: [VARIABLE.recoveryTable, VARIABLE.archiveBuckets, ...OWN_EVIDENCE.environment],
  permissions: [
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: ['approvals', 'disposals'] },
    { actions: ['s3:ListBucketVersions'], on: 'own-archive-buckets' },
    {
      actions: ['s3:DeleteObjectVersion', 's3:GetObjectLegalHold', 's3:GetObjectRetention'],
      on: 'own-archive-objects',
      reason:
        'which objects a disposal names is known only when it is recorded; what is locked stays locked for this role too',
    },
    ...OWN_EVIDENCE.permissions,
  ],
})

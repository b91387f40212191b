import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/**
 * The event "Restore Job State Change" of AWS Backup, as far as it is trusted: which job. Everything else is asked again.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
const restored = z.looseObject({
  source: z.literal('aws.backup'),
  'detail-type': z.literal('Restore Job State Change'),
  detail: z.looseObject({ restoreJobId: z.string().check(z.regex(/^[\w-]{1,64}$/)), status: z.literal('COMPLETED') }),
})

/** The event, or nothing at all from the schedule, which has what passed lately counted. */
export const input = z.union([restored, z.strictObject({})])

export const output = z.object({ status: z.enum(['successful', 'failed', 'ignored', 'counted']), code: z.string() })

/** Examines the copy that a restore test made, reports the verdict to AWS Backup and leaves evidence; counts what passed. */
export const contract = withPolicy({
  name: 'restore-validator',
  places: ['primary', 'recovery'],
  network: 'isolated',
  // Lambda's longest, because a validation reads every table.
  timeoutSeconds: 900,
  // A copy is announced once; a test that was settled is not examined again.
  retries: 2,
  // A repeated event waits for the first one and then finds its verdict.
  concurrency: 1,
  publishes: ['leftTestCopies', 'provenRestores', 'restoreTestFailures'],
  environment: [
    VARIABLE.databaseAuthorities,
    VARIABLE.restoreTestPlans,
    VARIABLE.copyKeys,
    VARIABLE.coordinationReader,
    VARIABLE.contentReader,
    VARIABLE.servingInstance,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    {
      actions: ['backup:DescribeRestoreJob', 'backup:ListRestoreJobs', 'backup:PutRestoreValidationResult'],
      on: 'every-restore-job',
      reason: 'jobs have ids of their own, and none of the actions knows a resource (service authorization reference)',
    },
    {
      actions: ['rds:DescribeDBInstances'],
      on: 'restored-copies',
      reason: 'AWS Backup names each copy itself, behind a prefix that it reserves for restore tests',
    },
    {
      actions: ['rds-db:connect'],
      on: 'restored-copies-user:fence-role',
      reason:
        'a copy has a resource id of its own that nobody knows before; its network lets the function reach copies only',
    },
    // Whose access was taken away, and what content was before; and how fast the database of the region answers.
    { actions: ['lambda:InvokeFunction'], on: 'own-coordination-reader-function' },
    { actions: ['lambda:InvokeFunction'], on: 'own-content-reader-function' },
    ...OWN_EVIDENCE.permissions,
  ],
})

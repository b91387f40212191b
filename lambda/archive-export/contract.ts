import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  classes: z.readonly(
    z.array(
      z.object({
        dataClass: z.string(),
        month: z.string(),
        state: z.string(),
        late: z.boolean(),
        code: z.optional(z.string()),
      }),
    ),
  ),
  lateDumps: z.readonly(z.array(z.string())),
  unread: z.readonly(z.array(z.string())),
})

/** Takes the month's export of each data class into the archive, one step at a time, and counts what is late there. */
export const contract = withPolicy({
  name: 'archive-export',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 900,
  // Two copies at once would only do the same work twice.
  concurrency: 1,
  publishes: ['lateArchiveDumps', 'lateArchiveExports', 'unreadArchiveParts'],
  environment: [
    VARIABLE.servingInstance,
    VARIABLE.archiveBuckets,
    VARIABLE.archiveStaging,
    VARIABLE.archiveExportRole,
    VARIABLE.archiveKey,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    {
      actions: ['rds:DescribeDBSnapshots', 'rds:DescribeExportTasks', 'rds:StartExportTask'],
      on: 'every-export',
      reason: 'AWS Backup names its snapshots itself, and tasks know no resource',
    },
    { actions: ['iam:PassRole'], on: 'own-archive-export-role' },
    { actions: ['s3:ListBucket'], on: 'own-archive-staging' },
    { actions: ['s3:GetObject'], on: 'own-archive-staged-objects', reason: 'RDS names the files of an export itself' },
    { actions: ['s3:ListBucket'], on: 'own-archive-buckets' },
    { actions: ['s3:GetObject', 's3:PutObject'], on: 'own-archive-objects', reason: 'the files keep their names' },
    { actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'], on: 'own-archive-key' },
    { actions: ['kms:CreateGrant'], on: 'own-archive-key-for-services' },
    ...OWN_EVIDENCE.permissions,
  ],
})

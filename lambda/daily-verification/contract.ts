import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used: each run looks at everything. */
export const input = z.looseObject({})

const finding = z.object({ code: z.string(), subject: z.string() })

export const output = z.object({
  region: z.string(),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  checks: z.readonly(
    z.array(
      z.object({
        check: z.string(),
        verdict: z.enum(['pass', 'fail', 'inconclusive']),
        looked: z.number(),
        findings: z.readonly(z.array(finding)),
        unseen: z.readonly(z.array(z.string())),
      }),
    ),
  ),
})

/** Looks at every backup of its region, and at what else a recovery would rest on; changes nothing but its evidence. */
export const contract = withPolicy({
  name: 'daily-verification',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 900,
  // Two at once would read the same pages twice.
  concurrency: 1,
  publishes: ['dailyFindings'],
  environment: [
    VARIABLE.replicaObserver,
    VARIABLE.archiveBuckets,
    VARIABLE.codeBucket,
    VARIABLE.codeSigningKey,
    VARIABLE.configurationKey,
    VARIABLE.configurationSecrets,
    VARIABLE.configurationBuckets,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    { actions: ['backup:DescribeBackupVault', 'backup:ListRecoveryPointsByBackupVault'], on: 'own-vaults' },
    // Under which of our keys something lies.
    { actions: ['kms:DescribeKey'], on: 'own-database-key' },
    { actions: ['kms:DescribeKey'], on: 'own-backup-key' },
    {
      actions: ['rds:DescribeDBInstances', 'rds:DescribeDBInstanceAutomatedBackups'],
      on: 'every-database-of-the-region',
      reason: 'what nobody declared is what it looks for, so that no name can be given',
    },
    { actions: ['cloudwatch:GetMetricStatistics'], on: 'the-account', reason: 'metrics have no ARN' },
    {
      actions: ['s3:ListAllMyBuckets'],
      on: 'the-account',
      reason: 'knows no resource, and tells names alone; buckets that nobody declared are what it looks for',
    },
    { actions: ['lambda:InvokeFunction'], on: 'own-replica-observer-function' },
    { actions: ['s3:ListBucket'], on: 'own-archive-buckets' },
    { actions: ['s3:GetObject'], on: 'own-archive-objects', reason: 'the manifest of a dump carries its time' },
    { actions: ['s3:ListBucket'], on: 'own-code-bucket' },
    { actions: ['s3:GetObject'], on: 'own-code-objects', reason: 'each copy has keys of its own, below one bucket' },
    { actions: ['kms:Decrypt'], on: 'own-code-key' },
    { actions: ['kms:GetPublicKey'], on: 'own-code-signing-key' },
    { actions: ['ssm:GetParametersByPath'], on: 'own-parameters' },
    // Of both regions: who holds what is seen by the names alone.
    { actions: ['s3:ListBucket'], on: 'configuration-buckets' },
    {
      actions: ['s3:GetObject'],
      on: 'own-configuration-objects',
      reason: 'each backup of the environment has a key of its own',
    },
    // Its own key alone: what opens here has to open without the other region.
    { actions: ['kms:Decrypt'], on: 'own-configuration-key' },
    ...OWN_EVIDENCE.permissions,
  ],
})

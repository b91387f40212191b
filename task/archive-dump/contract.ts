import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, type FunctionContract } from '../../lambda/contract'

/**
 * What the stack has to know to run the task. `SCHEDULED_AT` comes with each run, the file of certificate authorities with
 * the image.
 */
export const contract: Pick<FunctionContract, 'name' | 'environment' | 'permissions'> = {
  name: 'archive-dump',
  environment: [
    VARIABLE.databaseInstance,
    VARIABLE.databaseHost,
    VARIABLE.databasePort,
    VARIABLE.databaseName,
    VARIABLE.environmentName,
    VARIABLE.policyHash,
    VARIABLE.archiveBuckets,
    VARIABLE.archiveTables,
    VARIABLE.archiveKey,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    { actions: ['rds-db:connect'], on: 'own-database-user:archive-role' },
    { actions: ['s3:ListBucket'], on: 'own-archive-buckets' },
    {
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      on: 'own-archive-objects',
      reason: 'each dump is named after its time',
    },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'own-archive-key' },
    ...OWN_EVIDENCE.permissions,
  ],
}

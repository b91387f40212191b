import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, type FunctionContract } from '../../lambda/contract'

/** What the stack has to know to run the task. It reads, and writes nothing but its evidence. */
export const contract: Pick<FunctionContract, 'name' | 'environment' | 'permissions'> = {
  name: 'archive-read-back',
  environment: [
    VARIABLE.environmentName,
    VARIABLE.policyHash,
    VARIABLE.archiveBuckets,
    VARIABLE.archiveTables,
    VARIABLE.archiveParts,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    // Without it S3 answers 403 instead of 404 for what is missing.
    { actions: ['s3:ListBucket'], on: 'own-archive-buckets' },
    {
      actions: ['s3:GetObject'],
      on: 'own-archive-objects',
      reason: 'the newest dumps and exports are named after their time',
    },
    { actions: ['kms:Decrypt'], on: 'own-archive-key' },
    ...OWN_EVIDENCE.permissions,
  ],
}

import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Appends the run's evidence record and signs a checkpoint over it. */
export const contract = runbookContract({
  name: 'runbook-report',
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.evidenceBucket, VARIABLE.evidenceKey],
  permissions: [
    { actions: ['s3:GetObject', 's3:PutObject'], on: 'evidence-objects' },
    // Without it S3 answers 403 instead of 404 for a key that nothing holds yet.
    { actions: ['s3:ListBucket'], on: 'evidence-bucket' },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'evidence-encryption-key' },
    { actions: ['kms:Sign'], on: 'evidence-signing-key' },
  ],
})

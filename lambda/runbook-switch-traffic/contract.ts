import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Writes the switch objects in the recovery and the witness region, and resolves the served name. */
export const contract = runbookContract({
  name: 'runbook-switch-traffic',
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.recoverySwitchBucket, VARIABLE.witnessSwitchBucket],
  permissions: [
    { actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], on: 'recovery-switch-objects' },
    { actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], on: 'witness-switch-objects' },
    // Without it S3 answers 403 instead of 404 while the object is absent.
    { actions: ['s3:ListBucket'], on: 'recovery-switch-bucket' },
    { actions: ['s3:ListBucket'], on: 'witness-switch-bucket' },
  ],
})

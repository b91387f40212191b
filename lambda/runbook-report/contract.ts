import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Appends the run's evidence record and signs a checkpoint over it. */
export const contract = runbookContract({
  name: 'runbook-report',
  network: 'none',
  timeoutSeconds: 60,
  environment: [...OWN_EVIDENCE.environment, VARIABLE.evidenceKey],
  permissions: [...OWN_EVIDENCE.permissions, { actions: ['kms:Sign'], on: 'evidence-signing-key' }],
})

import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Asks the other data region to fence itself, best effort under a deadline. */
export const contract = runbookContract({
  name: 'runbook-fence',
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.fence],
  permissions: [{ actions: ['lambda:InvokeFunction'], on: 'other-fence-function' }],
})

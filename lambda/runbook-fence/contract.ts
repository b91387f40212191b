import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Asks the region of the old writer to close it, best effort under a deadline: the other one, or its own for a copy beside. */
export const contract = runbookContract({
  name: 'runbook-fence',
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.fence],
  permissions: [{ actions: ['lambda:InvokeFunction'], on: 'fence-functions' }],
})

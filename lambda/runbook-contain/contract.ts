import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Has databases cut off where they stand, and takes back the sessions of people's roles. */
export const contract = runbookContract({
  name: 'runbook-contain',
  network: 'none',
  // It waits for the function next to a database, once for each copy that follows it.
  timeoutSeconds: 600,
  environment: [VARIABLE.containment],
  permissions: [
    { actions: ['lambda:InvokeFunction'], on: 'containment-functions' },
    { actions: ['iam:GetRolePolicy', 'iam:PutRolePolicy'], on: 'roles-of-people' },
  ],
})

import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'
import { PUTS_RELEASES_BACK, SEES_RELEASES } from '../release-permissions'

export const input = runState
export const output = runState

/** What a rollback keeps in a place: markers and releases in both, its lease and the task of its review in the recovery region. */
const KEPT_IN_BOTH = ['markers', 'releases'] as const

/** Puts versions in force that were in force before, and can deploy nothing new. */
export const contract = runbookContract({
  name: 'runbook-deploy',
  network: 'none',
  // The undo of a rollback waits until what it puts in force is: as long as a call of Lambda may take.
  timeoutSeconds: 900,
  environment: [VARIABLE.witnessTable],
  permissions: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      on: 'recovery-coordination-table',
      leadingKeys: [...KEPT_IN_BOTH, 'leases', 'tasks'],
    },
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      on: 'witness-coordination-table',
      leadingKeys: KEPT_IN_BOTH,
    },
    ...SEES_RELEASES,
    ...PUTS_RELEASES_BACK,
  ],
})

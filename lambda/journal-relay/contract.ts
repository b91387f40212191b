import { BASELINE_KEY } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { CHANGE_SAMPLES } from '../../core/detection/change-watch'
import { journalAnswer, journalRequest } from '../../adapters/aws/wire'
import { JOURNAL, withPolicy } from '../contract'

export const input = journalRequest
export const output = journalAnswer

/**
 * The journal of the recovery region for the function next to the database of the primary one, whose subnets reach no other
 * region. It may write what a step of a run writes, and the last look at
 * the counters of a database; no epoch.
 */
export const contract = withPolicy({
  name: 'journal-relay',
  places: ['primary'],
  network: 'none',
  timeoutSeconds: 30,
  environment: [VARIABLE.recoveryTable],
  permissions: [
    JOURNAL,
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on: 'recovery-coordination-table',
      leadingKeys: [CHANGE_SAMPLES],
    },
    { actions: ['dynamodb:Query'], on: 'recovery-coordination-table', leadingKeys: ['erasure-ledger'] },
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: [BASELINE_KEY, 'corrections'] },
  ],
})

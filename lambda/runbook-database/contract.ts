import { BASELINE_KEY } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_DATABASE, runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Speaks to the database of the recovery region as the fence role; reads the witness's ledger through the reader. */
export const contract = runbookContract({
  name: 'runbook-database',
  network: 'isolated',
  // Lambda's longest, because a validation reads every table.
  timeoutSeconds: 900,
  publishes: ['dataIntegrityFailures'],
  environment: [...OWN_DATABASE, VARIABLE.coordinationReader, VARIABLE.databaseKey],
  permissions: [
    {
      actions: ['dynamodb:Query'],
      on: 'recovery-coordination-table',
      leadingKeys: ['erasure-ledger'],
    },
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: [BASELINE_KEY, 'corrections'] },
    // The sealed fields of corrections that a replay applies.
    { actions: ['kms:Decrypt'], on: 'own-database-key' },
    { actions: ['lambda:InvokeFunction'], on: 'own-coordination-reader-function' },
    { actions: ['rds-db:connect'], on: 'own-database-user:fence-role' },
  ],
})

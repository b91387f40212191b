import { BASELINE_KEY } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { JOURNAL, OWN_DATABASES, RESTORED_DATABASES, runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

const shared = runbookContract({
  name: 'runbook-database',
  network: 'isolated',
  // Lambda's longest, because a validation reads every table.
  timeoutSeconds: 900,
  publishes: ['dataIntegrityFailures'],
  environment: [
    ...OWN_DATABASES,
    VARIABLE.coordinationReader,
    VARIABLE.journalRelay,
    VARIABLE.databaseKey,
    VARIABLE.evidenceBucket,
  ],
  permissions: [],
})

/**
 * Speaks to the databases of its own region as the fence role. Its subnets reach no other region: the table of the recovery
 * region it opens by itself only there, and elsewhere through the relay; the witness's ledger it reads through the reader.
 */
export const contract = {
  ...shared,
  permissions: [
    { ...JOURNAL, on: 'own-coordination-table' },
    { actions: ['dynamodb:Query'], on: 'own-coordination-table', leadingKeys: ['erasure-ledger'] },
    { actions: ['dynamodb:GetItem'], on: 'own-coordination-table', leadingKeys: [BASELINE_KEY, 'corrections'] },
    { actions: ['lambda:InvokeFunction'], on: 'own-journal-relay-function' },
    // The sealed fields of corrections that a replay applies.
    { actions: ['kms:Decrypt'], on: 'own-database-key' },
    { actions: ['lambda:InvokeFunction'], on: 'own-coordination-reader-function' },
    { actions: ['rds-db:connect'], on: 'own-database-user:fence-role' },
    ...RESTORED_DATABASES,
    {
      actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
      on: 'own-later-writes',
      reason: 'each recovery leaves a list of its own, which nobody may change or delete afterwards',
    },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'evidence-encryption-key' },
  ],
} as const satisfies typeof shared

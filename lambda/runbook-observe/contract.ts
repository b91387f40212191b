import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Sees everything, and claims the epoch: the one function that may write the writer epoch. */
export const contract = runbookContract({
  name: 'runbook-observe',
  network: 'none',
  timeoutSeconds: 90,
  environment: [VARIABLE.witnessTable, VARIABLE.recoveryProbe, VARIABLE.witnessProbe, VARIABLE.replicaObserver],
  permissions: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on: 'recovery-coordination-table',
      leadingKeys: ['writer-epoch'],
    },
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on: 'witness-coordination-table',
      leadingKeys: ['writer-epoch'],
    },
    { actions: ['lambda:InvokeFunction'], on: 'recovery-probe-function' },
    { actions: ['lambda:InvokeFunction'], on: 'witness-probe-function' },
    { actions: ['lambda:InvokeFunction'], on: 'replica-observer-functions' },
    { actions: ['rds:DescribeDBInstances'], on: 'own-database-instances' },
    {
      actions: ['rds:DescribeDBInstances'],
      on: 'own-restored-copies',
      reason:
        'what a recovery restores is declared only once it serves, and a claim is handed back only while it does not',
    },
  ],
})

import { BASELINE_HISTORY_PREFIX } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { relayAnswer, relayRequest } from '../../adapters/aws/wire'
import { withPolicy } from '../contract'

export const input = relayRequest
export const output = relayAnswer

/**
 * Reads the coordination tables of other regions for functions in isolated subnets, which reach no other region.
 * It cannot write, and reads only what a guard, a ledger replay and the test of a restore need.
 */
export const contract = withPolicy({
  name: 'coordination-reader',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 30,
  environment: [VARIABLE.recoveryTable, VARIABLE.witnessTable],
  permissions: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      on: 'recovery-coordination-table',
      leadingKeys: ['writer-epoch', 'erasure-ledger', BASELINE_HISTORY_PREFIX],
    },
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      on: 'witness-coordination-table',
      leadingKeys: ['writer-epoch', 'erasure-ledger'],
    },
  ],
})

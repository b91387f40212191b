import { VARIABLE } from '../../adapters/aws/environment'
import { contractBesideCopy } from '../beside-contract'
import { RESTORE_TAG, runState } from '../contract'

export const input = runState
export const output = runState

/** Hardens a restored copy as its owner, and around it; looks for what an attacker may have left. */
export const contract = contractBesideCopy({
  name: 'runbook-harden',
  timeoutSeconds: 300,
  environment: [VARIABLE.copyOwnerSecret],
  permissions: [
    { actions: ['rds:ModifyDBInstance'], on: 'own-next-database', resourceTag: RESTORE_TAG },
    {
      actions: ['rds:ModifyDBParameterGroup'],
      on: 'own-parameter-groups',
      reason: 'CloudFormation names groups after their stack; only measures of the policy are set',
    },
    { actions: ['secretsmanager:GetSecretValue'], on: 'own-copy-owner-secret' },
    { actions: ['kms:Decrypt'], on: 'own-copy-owner-secret-key' },
  ],
})

import { VARIABLE } from '../../adapters/aws/environment'
import { contractBesideCopy } from '../beside-contract'
import { RESTORE_TAG, runState } from '../contract'

export const input = runState
export const output = runState

/** Gives the login roles of a restored copy new secrets, and tries the old ones. Of no other database it can change any. */
export const contract = contractBesideCopy({
  name: 'runbook-rotate',
  timeoutSeconds: 300,
  environment: [VARIABLE.loginSecrets, VARIABLE.copyOwnerSecret],
  permissions: [
    { actions: ['rds:ModifyDBInstance'], on: 'own-next-database', resourceTag: RESTORE_TAG },
    {
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:StopReplicationToReplica',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      on: 'own-login-secrets',
    },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'own-login-secret-keys' },
  ],
})

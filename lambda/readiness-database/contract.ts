import { VARIABLE } from '../../adapters/aws/environment'
import { preparationAnswer, preparationRequest } from '../../adapters/aws/wire'
import { OWN_DATABASE, withPolicy } from '../contract'

export const input = preparationRequest
export const output = preparationAnswer

/** Prepares the database of its region as its owner, and takes the baseline of its content. */
export const contract = withPolicy({
  name: 'readiness-database',
  places: ['primary'],
  network: 'isolated',
  timeoutSeconds: 900,
  concurrency: 1,
  environment: [...OWN_DATABASE, VARIABLE.databaseOwnerSecret],
  permissions: [
    { actions: ['secretsmanager:GetSecretValue'], on: 'own-database-owner-secret' },
    { actions: ['kms:Decrypt'], on: 'own-database-owner-secret-key' },
  ],
})

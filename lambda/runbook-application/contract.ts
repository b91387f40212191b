import { VARIABLE } from '../../adapters/aws/environment'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Brings up the application in its region, what the policy declares of it, and lets its secrets stand alone there. It reads none of them. */
export const contract = runbookContract({
  name: 'runbook-application',
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.replicatedSecrets],
  permissions: [
    { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], on: 'application-services' },
    { actions: ['lambda:GetAlias', 'lambda:UpdateAlias'], on: 'application-deployments' },
    { actions: ['lambda:InvokeFunction'], on: 'application-functions' },
    { actions: ['secretsmanager:DescribeSecret'], on: 'replicated-secrets-of-each-region' },
    { actions: ['secretsmanager:StopReplicationToReplica'], on: 'own-replicated-secrets' },
  ],
})

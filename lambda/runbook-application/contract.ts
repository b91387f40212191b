import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Brings up the application in the recovery region: what the policy declares, and nothing where it declares nothing. */
export const contract = runbookContract({
  name: 'runbook-application',
  network: 'none',
  timeoutSeconds: 60,
  environment: [],
  permissions: [
    { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], on: 'application-services' },
    { actions: ['lambda:GetAlias', 'lambda:UpdateAlias'], on: 'application-deployments' },
    { actions: ['lambda:InvokeFunction'], on: 'application-functions' },
  ],
})

import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { clientSettings } from './client-settings'
import type { Compose } from './composition'
import { awsDeployments } from './deployments/aws-deployments'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import { setting } from './environment'

/** Puts versions in force in its own region, and keeps what both places hold of releases. */
export const deployPorts: Compose = ({ environment, policy, region }, { coordination }) => ({
  deployments: awsDeployments({ policy, region }),
  coordination: {
    ...coordination,
    witness: new DynamoConditionalStore(
      new DynamoDBClient(clientSettings(policy.topology.regions.witness)),
      setting(environment, 'witnessTable'),
    ),
  },
})

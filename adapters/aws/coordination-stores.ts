import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { clientSettings } from './client-settings'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import { setting, type AwsEnvironment } from './environment'
import { ownWorld } from './own-world'

/** Both coordination tables, each in its own region. */
export function coordinationStores(
  environment: AwsEnvironment,
): Readonly<Record<'recovery' | 'witness', DynamoConditionalStore>> {
  const { recovery, witness } = withRecoveryRegion(ownWorld(environment).policy).topology.regions
  return {
    recovery: store(recovery, setting(environment, 'recoveryTable')),
    witness: store(witness, setting(environment, 'witnessTable')),
  }
}

/** Quick to give up: whoever asks both places cannot wait for one that is dark. */
const store = (region: string, table: string) =>
  new DynamoConditionalStore(new DynamoDBClient(clientSettings(region, { attempts: 2, answerMs: 2_000 })), table)

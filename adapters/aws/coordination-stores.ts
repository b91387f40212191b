import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { clientSettings } from './client-settings'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import { setting, type AwsEnvironment } from './environment'
import { ownWorld } from './own-world'

/** Both coordination tables, each in its own region. */
export const coordinationStores = (
  environment: AwsEnvironment,
): Readonly<Record<'recovery' | 'witness', DynamoConditionalStore>> => ({
  recovery: recoveryStore(environment),
  witness: store(regionsOf(environment).witness, setting(environment, 'witnessTable')),
})

/** The one of the recovery region, which runs are journaled in. */
export const recoveryStore = (environment: AwsEnvironment): DynamoConditionalStore =>
  store(regionsOf(environment).recovery, setting(environment, 'recoveryTable'))

const regionsOf = (environment: AwsEnvironment) => withRecoveryRegion(ownWorld(environment).policy).topology.regions

/** Quick to give up: whoever asks both places cannot wait for one that is dark. */
const store = (region: string, table: string) =>
  new DynamoConditionalStore(new DynamoDBClient(clientSettings(region, { attempts: 2, answerMs: 2_000 })), table)

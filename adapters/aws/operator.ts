import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { actorOf } from '../../core/access/caller'
import { contentHash, EvidenceChain } from '../../core/evidence'
import type { OperatorWorld } from '../../core/operator'
import type { Policy } from '../../core/policy'
import { bucketName, coordinationTableName } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { systemClock } from '../local/clock'
import { CALL_MS, clientSettings, refuseForeignEndpointsOfPerson, within } from './client-settings'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import type { AwsEnvironment } from './environment'
import { asking } from './failures'
import { S3WriteOnceStore } from './s3-write-once-store'

/**
 * The world of an operator with credentials of AWS, in the recovery and the witness region alone: it has to work while the
 * primary region is dark. Throws PortError('denied') for an account that is not the environment's, and for credentials
 * that no assumed role gave.
 */
export async function awsOperator(policy: Policy, environment: AwsEnvironment): Promise<OperatorWorld> {
  refuseForeignEndpointsOfPerson(environment)
  const { recovery, witness } = withRecoveryRegion(policy).topology.regions
  const { Arn = 'nobody' } = await asking('sts:GetCallerIdentity', () =>
    new STSClient(clientSettings(recovery)).send(new GetCallerIdentityCommand({}), within(CALL_MS)),
  )
  const store = (region: string) =>
    new DynamoConditionalStore(new DynamoDBClient(clientSettings(region)), coordinationTableName(policy))
  const bucket = new S3WriteOnceStore(new S3Client(clientSettings(recovery)), bucketName(policy, 'evidence', recovery))
  const identity = {
    region: recovery,
    writer: 'operator',
    environment: policy.environment,
    policyHash: contentHash(policy),
  }
  return {
    policy,
    places: { recovery: store(recovery), witness: store(witness) },
    evidence: new EvidenceChain(bucket, identity),
    clock: systemClock,
    actor: actorOf(Arn, policy),
  }
}

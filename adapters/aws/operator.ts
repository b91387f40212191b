import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { contentHash, EvidenceChain, sha256 } from '../../core/evidence'
import type { Actor, OperatorWorld } from '../../core/operator'
import type { Policy } from '../../core/policy'
import { bucketName, coordinationTableName } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { PortError } from '../../core/ports/errors'
import { systemClock } from '../local/clock'
import { clientSettings, refuseForeignEndpoints } from './client-settings'
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
  refuseForeignEndpoints(environment)
  const { recovery, witness } = withRecoveryRegion(policy).topology.regions
  const actor = await caller(new STSClient(clientSettings(recovery)), policy.topology.accountId)
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
    actor,
  }
}

/** arn:aws:sts::<account>:assumed-role/<role>/<session name> */
const ASSUMED = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/

/** The session name is the person's: the trust policies of the human roles demand it. */
async function caller(sts: STSClient, accountId: string): Promise<Actor> {
  const { Arn = 'nobody' } = await asking('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})))
  const [, account, role, session] = ASSUMED.exec(Arn) ?? []
  if (!role || !session)
    throw new PortError(
      'denied',
      'ROLE_NOT_ASSUMED',
      'the credentials are of no assumed role; assume the role for this task',
    )
  if (account !== accountId)
    throw new PortError(
      'denied',
      'ACCOUNT_FOREIGN',
      `the credentials are of account ${account}, the environment's is ${accountId}`,
    )
  return { role, person: sha256(`${account}/${session}`).slice(0, 12) }
}

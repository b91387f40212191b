import { Match } from 'aws-cdk-lib/assertions'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { BucketReplication } from '../../lib/constructs/bucket-replication'
import { withRecoveryRegion } from '../../core/policy'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize, synthOne } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const bucketsOf = (stacks: ReturnType<typeof synthesize>) =>
  resourcesOf(stacks, 'AWS::S3::Bucket').filter(({ stack }) => stack.includes('-assets-'))

const destination = {
  bucketName: 'copy',
  bucketArn: 'arn:aws:s3:::copy',
  region: 'eu-central-1',
  keyAlias: 'alias/assets',
  keyAliasArn: 'arn:aws:kms:eu-central-1:111122223333:alias/assets',
  anyKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/*',
}

const replication = (deletions: 'follow' | 'stay') =>
  synthOne(
    (scope) =>
      new BucketReplication(scope, 'Replication', {
        roleName: 'replication',
        bucket: new Bucket(scope, 'Bucket', { bucketName: 'source', versioned: true }),
        sourceName: 'source',
        key: Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1'),
        destination,
        deletions,
      }),
  )

test('copies everything under time control, with metrics, encrypted by the alias of the other region', () => {
  replication('follow').hasResourceProperties('AWS::S3::Bucket', {
    ReplicationConfiguration: {
      Rules: [
        {
          Id: 'own-everything',
          Filter: { Prefix: '' },
          Status: 'Enabled',
          DeleteMarkerReplication: { Status: 'Enabled' },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: {
            Bucket: 'arn:aws:s3:::copy',
            EncryptionConfiguration: { ReplicaKmsKeyID: destination.keyAliasArn },
            ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
            Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
          },
        },
      ],
    },
  })
})

test('the replication role may repeat deletions only where they follow', () => {
  const mayDelete = (deletions: 'follow' | 'stay') =>
    JSON.stringify(replication(deletions).findResources('AWS::IAM::ManagedPolicy')).includes('s3:ReplicateDelete')
  expect([mayDelete('follow'), mayDelete('stay')]).toEqual([true, false])
})

test('the role may use the key of the other region only by its alias and only through S3 there', () => {
  replication('stay').hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
          Condition: {
            'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/assets' },
            StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' },
          },
        }),
      ]),
    },
  })
})

test('the primary region sends, the recovery region receives, and both carry the tag that plans select by', () => {
  const buckets = bucketsOf(synthesize(policy))
  const of = (role: 'primary' | 'recovery') => buckets.find(({ region }) => region === policy.topology.regions[role])
  const [primary, recovery] = [of('primary'), of('recovery')]
  const sends = (bucket: typeof primary) => Boolean(bucket?.Properties?.['ReplicationConfiguration'])
  expect([sends(primary), sends(recovery)]).toEqual([true, false])
  for (const bucket of [primary, recovery])
    expect(bucket?.Properties?.['Tags']).toContainEqual({ Key: 'recovery:store', Value: 'neonpro-assets' })
})

test('a replaced asset stays restorable for the years of its class, and no version in force ever expires', () => {
  for (const { Properties } of bucketsOf(synthesize(policy))) {
    const replaced = { Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 366 } }
    expect(Properties?.['LifecycleConfiguration']).toEqual({ Rules: [expect.objectContaining(replaced)] })
    expect(JSON.stringify(Properties)).not.toContain('ExpirationInDays')
  }
})

test('both regions send once the policy says both ways', () => {
  const both = synthesize({ ...policy, assets: { ...policy.assets, replication: 'both-ways' } })
  for (const { Properties } of bucketsOf(both)) expect(Properties).toHaveProperty('ReplicationConfiguration')
})

import { Match } from 'aws-cdk-lib/assertions'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { IRREVERSIBLE } from '../../../core/policy/irreversible'
import { LockedBucket, type LockedBucketProps } from '../../../lib/constructs/locked-bucket'
import { importedKey, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const synth = (overrides: Partial<LockedBucketProps> = {}) =>
  synthOne(
    (scope) =>
      new LockedBucket(scope, 'Evidence', {
        bucketName: 'evidence',
        key: importedKey(scope),
        accessLogs: new Bucket(scope, 'Logs'),
        lock: { mode: 'governance' },
        days: 731,
        ...overrides,
      }),
  )
const evidence = { BucketName: 'evidence' }

test('locks every version and denies everybody its deletion', () => {
  synth().hasResourceProperties('AWS::S3::Bucket', {
    ...evidence,
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 731 } } },
    VersioningConfiguration: { Status: 'Enabled' },
  })
  synth().hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'NobodyDeletes',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
        }),
      ]),
    },
  })
})

test('is encrypted with the given key, logs access, and stays when its stack goes', () => {
  synth().hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      ...evidence,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          Match.objectLike({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN } }),
        ],
      },
      LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'evidence/' }),
      ReplicationConfiguration: Match.absent(),
    },
  })
})

test("copies only the region's own prefixes, within 15 minutes, encrypted by the other region's alias", () => {
  synth({
    replica: {
      roleName: 'replication',
      prefixes: ['records/eu-west-1/'],
      destination: {
        bucketName: 'copy',
        bucketArn: 'arn:aws:s3:::copy',
        region: 'eu-central-1',
        keyAlias: 'alias/evidence',
        keyAliasArn: 'arn:aws:kms:eu-central-1:111122223333:alias/evidence',
        anyKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/*',
      },
    },
  }).hasResourceProperties('AWS::S3::Bucket', {
    ReplicationConfiguration: {
      Rules: [
        Match.objectLike({
          Filter: { Prefix: 'records/eu-west-1/' },
          DeleteMarkerReplication: { Status: 'Disabled' },
          Destination: Match.objectLike({
            EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-central-1:111122223333:alias/evidence' },
            ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
          }),
        }),
      ],
    },
  })
})

test('fails when a compliance lock lacks the sentence that accepts it', () => {
  expect(() => synth({ lock: { mode: 'compliance', irreversibleAcknowledgement: '' } })).toThrow(/needs the sentence/)
  synth({
    lock: { mode: 'compliance', irreversibleAcknowledgement: IRREVERSIBLE },
  }).hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE' } } },
  })
})

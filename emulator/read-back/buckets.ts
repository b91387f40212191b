import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, whereConfigured, type Reader } from './reader'

const bucket: Reader = async ({ region, physicalId: Bucket }) => {
  const client = new S3Client(clientSettings(region))
  await client.send(new HeadBucketCommand({ Bucket }))
  const ask = { Bucket }
  const [encryption, lifecycle, logging, ownership, replication, tagging, versioning, lock, access] = await Promise.all(
    [
      whereConfigured(
        client.send(new GetBucketEncryptionCommand(ask)),
        'ServerSideEncryptionConfigurationNotFoundError',
      ),
      whereConfigured(client.send(new GetBucketLifecycleConfigurationCommand(ask)), 'NoSuchLifecycleConfiguration'),
      client.send(new GetBucketLoggingCommand(ask)),
      whereConfigured(client.send(new GetBucketOwnershipControlsCommand(ask)), 'OwnershipControlsNotFoundError'),
      whereConfigured(client.send(new GetBucketReplicationCommand(ask)), 'ReplicationConfigurationNotFoundError'),
      whereConfigured(client.send(new GetBucketTaggingCommand(ask)), 'NoSuchTagSet'),
      client.send(new GetBucketVersioningCommand(ask)),
      whereConfigured(client.send(new GetObjectLockConfigurationCommand(ask)), 'ObjectLockConfigurationNotFoundError'),
      whereConfigured(client.send(new GetPublicAccessBlockCommand(ask)), 'NoSuchPublicAccessBlockConfiguration'),
    ],
  )
  return {
    BucketName: Bucket,
    BucketEncryption: { ServerSideEncryptionConfiguration: encryption?.ServerSideEncryptionConfiguration?.Rules },
    LifecycleConfiguration: {
      Rules: lifecycle?.Rules?.map(({ Expiration, ...rule }) => ({ ...rule, ExpirationInDays: Expiration?.Days })),
    },
    LoggingConfiguration: logging.LoggingEnabled,
    OwnershipControls: ownership?.OwnershipControls,
    ReplicationConfiguration: replication?.ReplicationConfiguration,
    Tags: tagging?.TagSet,
    VersioningConfiguration: { Status: versioning.Status },
    ObjectLockConfiguration: lock?.ObjectLockConfiguration,
    ObjectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
    PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
  }
}

const bucketPolicy: Reader = async ({ region, refersTo }) => {
  const [Bucket] = refersTo('Bucket')
  const client = new S3Client(clientSettings(region))
  const found = await whereConfigured(client.send(new GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy')
  return { Bucket, PolicyDocument: parsed(found?.Policy) }
}

export const BUCKET_READERS: Readonly<Record<string, Reader>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
}

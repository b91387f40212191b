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
      whereConfigured(client.send(new GetBucketEncryptionCommand(ask))),
      whereConfigured(client.send(new GetBucketLifecycleConfigurationCommand(ask))),
      whereConfigured(client.send(new GetBucketLoggingCommand(ask))),
      whereConfigured(client.send(new GetBucketOwnershipControlsCommand(ask))),
      whereConfigured(client.send(new GetBucketReplicationCommand(ask))),
      whereConfigured(client.send(new GetBucketTaggingCommand(ask))),
      whereConfigured(client.send(new GetBucketVersioningCommand(ask))),
      whereConfigured(client.send(new GetObjectLockConfigurationCommand(ask))),
      whereConfigured(client.send(new GetPublicAccessBlockCommand(ask))),
    ],
  )
  const rule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
  return {
    BucketName: Bucket,
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }],
    },
    LifecycleConfiguration: lifecycle?.Rules,
    LoggingConfiguration: logging?.LoggingEnabled,
    OwnershipControls: ownership?.OwnershipControls,
    ReplicationConfiguration: replication?.ReplicationConfiguration,
    Tags: tagging?.TagSet,
    VersioningConfiguration: versioning && { Status: versioning.Status },
    ObjectLockConfiguration: lock?.ObjectLockConfiguration?.Rule,
    ObjectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled,
    PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
  }
}

const bucketPolicy: Reader = async ({ region, refersTo }) => {
  const [Bucket] = refersTo('Bucket')
  const client = new S3Client(clientSettings(region))
  const found = await whereConfigured(client.send(new GetBucketPolicyCommand({ Bucket })))
  return { Bucket, PolicyDocument: parsed(found?.Policy) }
}

export const BUCKET_READERS: Readonly<Record<string, Reader>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
}

import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type BucketProps,
  type IBucket,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

export interface GuardedBucketProps {
  readonly bucketName: string
  /** @default keys owned by S3 (SSE-S3), for readers that hold no key: log delivery and Route 53's checkers */
  readonly encryptionKey?: IKey
  /** @default no access log, for the bucket that receives the logs */
  readonly accessLogs?: IBucket
  /** What a kind of bucket adds: object lock, replication, lifecycle. @default nothing */
  readonly extra?: Pick<
    BucketProps,
    'lifecycleRules' | 'objectLockEnabled' | 'objectLockDefaultRetention' | 'replicationRules' | 'replicationRole'
  >
}

/**
 * A bucket of the kind all of ours are: versioned, TLS only, owner enforced, never public, never deleted with its stack.
 * @stateful
 */
export class GuardedBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: GuardedBucketProps) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Resource', {
      ...props.extra,
      // Enforced for every bucket: none of these is a choice.
      bucketName: props.bucketName,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(props.encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey: props.encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      ...(props.accessLogs && {
        serverAccessLogsBucket: props.accessLogs,
        serverAccessLogsPrefix: `${props.bucketName}/`,
      }),
    })
  }
}

import { Duration, Stack, Tags, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { BucketReplication } from '../constructs/bucket-replication'
import { GuardedBucket } from '../constructs/guarded-bucket'
import { STORE_TAG, type ReplicaBucket } from '../names'

export interface AssetsStackProps extends StackProps {
  readonly bucketName: string
  readonly key: IKey
  readonly accessLogs: IBucket
  /** Id in the store register, by which backup plans select the bucket. */
  readonly store: string
  /** How long a replaced or deleted version can be brought back. */
  readonly versionRetentionDays: number
  /** Where copies go. @default nowhere: the receiving side */
  readonly replication?: {
    readonly roleName: string
    readonly destination: ReplicaBucket
  }
}

/** Static assets of one region: every version kept for a while, copied to the other region, open to AWS Backup. */
export class AssetsStack extends Stack {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: AssetsStackProps) {
    super(scope, id, props)
    const { bucketName, key, replication } = props
    const { bucket } = new GuardedBucket(this, 'Assets', {
      bucketName,
      encryptionKey: key,
      accessLogs: props.accessLogs,
      extra: {
        lifecycleRules: [
          {
            id: 'replaced-versions',
            noncurrentVersionExpiration: Duration.days(props.versionRetentionDays),
            abortIncompleteMultipartUploadAfter: Duration.days(7),
          },
        ],
      },
    })
    Tags.of(bucket).add(STORE_TAG, props.store)
    this.bucket = bucket
    if (!replication) return
    new BucketReplication(this, 'Replication', {
      ...replication,
      bucket,
      sourceName: bucketName,
      key,
      deletions: 'follow',
    })
  }
}

import { Duration } from 'aws-cdk-lib'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { GuardedBucket } from './guarded-bucket'

export interface AccessLogBucketProps {
  readonly bucketName: string
  readonly retentionDays: number
}

/**
 * Who read which object: the access logs of a region's buckets. SSE-S3, because log delivery cannot use a customer key.
 * @stateful
 */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id)
    const { bucket } = new GuardedBucket(this, 'Bucket', {
      bucketName: props.bucketName,
      extra: {
        // Log delivery overwrites nothing, so an older version is a deletion: a month is there to notice it.
        lifecycleRules: [
          { expiration: Duration.days(props.retentionDays), noncurrentVersionExpiration: Duration.days(30) },
        ],
      },
    })
    this.bucket = bucket
  }
}

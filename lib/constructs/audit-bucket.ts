import { Duration } from 'aws-cdk-lib'
import { AnyPrincipal, ArnPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { GuardedBucket } from './guarded-bucket'

export interface AuditBucketProps {
  readonly bucketName: string
  readonly key: IKey
  readonly accessLogs: IBucket
  readonly retentionDays: number
  /** Role of AWS Backup that writes reports. @default none writes any */
  readonly reportsRoleArn?: string
}

/** Folders of the bucket. */
export const AUDIT_FOLDER = { configurationHistory: 'configuration-history', backupReports: 'backup-reports' } as const

/**
 * What AWS Config and AWS Backup write about the posture. Nobody deletes in it. It has no Object Lock, since AWS Config does
 * not deliver into a bucket with a default retention
 * (https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html).
 * @stateful
 */
export class AuditBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    super(scope, id)
    const { bucket } = new GuardedBucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryptionKey: props.key,
      accessLogs: props.accessLogs,
      extra: {
        lifecycleRules: [
          { expiration: Duration.days(props.retentionDays), noncurrentVersionExpiration: Duration.days(30) },
        ],
      },
    })
    this.bucket = bucket
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyDeletes',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
        resources: [bucket.arnForObjects('*')],
      }),
    )
    // Named itself: a condition on its ARN would not keep S3 from refusing the policy as a public one.
    if (props.reportsRoleArn)
      bucket.addToResourcePolicy(
        new PolicyStatement({
          sid: 'BackupWritesReports',
          principals: [new ArnPrincipal(props.reportsRoleArn)],
          actions: ['s3:PutObject'],
          resources: [bucket.arnForObjects(`${AUDIT_FOLDER.backupReports}/*`)],
          conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
        }),
      )
  }
}

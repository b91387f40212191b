import { Duration, Stack, Tags, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { BucketReplication, type BucketReplicationProps } from '../constructs/bucket-replication'
import { GuardedBucket } from '../constructs/guarded-bucket'
import { SftpServer, type SftpServerProps } from '../constructs/sftp-server'
import { STORE_TAG } from '../names'

export interface FileTransferStackProps extends StackProps {
  readonly bucketName: string
  readonly bucketKey: IKey
  readonly accessLogs: IBucket
  /** Id in the store register, by which backup plans select the bucket. */
  readonly store: string
  /** Where files are received. @default nowhere: the side that holds the copies */
  readonly server?: Omit<SftpServerProps, 'bucketName' | 'bucketKey'>
  /** Where copies go. @default nowhere */
  readonly replication?: Pick<BucketReplicationProps, 'roleName' | 'destination'>
  /** How long a replaced or deleted file can be brought back. @default for good */
  readonly versionRetentionDays?: number
}

/** Exchange of files with partners: a bucket whose versions outlive what a partner deletes, and in one region the server. */
export class FileTransferStack extends Stack {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: FileTransferStackProps) {
    super(scope, id, props)
    const { bucketName, bucketKey, accessLogs, server, replication } = props
    const { bucket } = new GuardedBucket(this, 'Files', {
      bucketName,
      encryptionKey: bucketKey,
      accessLogs,
      extra: {
        lifecycleRules: [
          {
            id: 'replaced-versions',
            ...(props.versionRetentionDays && {
              noncurrentVersionExpiration: Duration.days(props.versionRetentionDays),
            }),
            abortIncompleteMultipartUploadAfter: Duration.days(7),
          },
        ],
      },
    })
    Tags.of(bucket).add(STORE_TAG, props.store)
    this.bucket = bucket
    if (replication)
      new BucketReplication(this, 'Replication', {
        ...replication,
        bucket,
        sourceName: bucketName,
        key: bucketKey,
        deletions: 'stay',
      })
    if (server) new SftpServer(this, 'Server', { ...server, bucketName, bucketKey }).node.addDependency(bucket)
  }
}

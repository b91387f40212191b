import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { LockedBucket, type LockedBucketProps, type LockedReplica } from '../constructs/locked-bucket'

export interface ArchiveStackProps extends StackProps {
  readonly key: IKey
  readonly accessLogs: IBucket
  /** One bucket per class, since the time of a lock is a property of the bucket. */
  readonly classes: readonly ArchivedClass[]
  /** Role that disposals are carried out with. */
  readonly disposer?: string
  /** Role that deploys: nobody else changes how the archive is kept. */
  readonly deployer: string
}

export interface ArchivedClass extends Pick<LockedBucketProps, 'bucketName' | 'lock' | 'days' | 'tiers' | 'expiry'> {
  readonly name: string
  /** @default nowhere: the receiving side */
  readonly replica?: LockedReplica
}

/** The long-term archive of one region: what outlives the backups, locked for the years of its class. */
export class ArchiveStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { key, accessLogs, classes, disposer, deployer, ...props }: ArchiveStackProps,
  ) {
    super(scope, id, props)
    for (const { name, ...archived } of classes)
      new LockedBucket(this, `Archive-${name}`, {
        ...archived,
        key,
        accessLogs,
        deployer,
        ...(disposer && { disposer }),
      })
  }
}

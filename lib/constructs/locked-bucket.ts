import { Duration } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { ObjectLockRetention, type Bucket, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Policy } from '../../core/policy'
import { IRREVERSIBLE } from '../../core/policy/irreversible'
import type { ReplicaBucket } from '../names'
import { BucketReplication } from './bucket-replication'
import { GuardedBucket } from './guarded-bucket'

export interface LockedBucketProps {
  readonly bucketName: string
  readonly key: IKey
  readonly accessLogs: IBucket
  /** Whether anybody at all may lift the lock. */
  readonly lock: Policy['code']['lock']
  /** How long every version is locked. */
  readonly days: number
  /** @default 'never' */
  readonly expiry?: 'never' | 'after-lock'
  /** Where the objects are copied within 15 minutes. @default nowhere: the end of the chain of copies */
  readonly replica?: LockedReplica
}

export interface LockedReplica {
  readonly roleName: string
  /** Only the region's own objects, so that what was replicated into the bucket is not replicated on. @default everything */
  readonly prefixes?: readonly string[]
  readonly destination: ReplicaBucket
}

/**
 * A bucket whose objects are written once and locked. Nobody may delete a version; a second version of a key never hides
 * the first one for good, since Object Lock keeps that readable.
 * @stateful
 */
export class LockedBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: LockedBucketProps) {
    super(scope, id)
    const { lock } = props
    if (lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE)
      throw new Error(
        `a compliance lock at '${this.node.path}' needs the sentence '${IRREVERSIBLE}', got '${lock.irreversibleAcknowledgement}'`,
      )
    const duration = Duration.days(props.days)
    const { bucket } = new GuardedBucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryptionKey: props.key,
      accessLogs: props.accessLogs,
      extra: {
        objectLockEnabled: true,
        objectLockDefaultRetention:
          lock.mode === 'governance'
            ? ObjectLockRetention.governance(duration)
            : ObjectLockRetention.compliance(duration),
        ...(props.expiry === 'after-lock' && { lifecycleRules: [expireAfter(props.days)] }),
      },
    })
    this.bucket = bucket
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyDeletes',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
        resources: [bucket.arnForObjects('*')],
      }),
    )
    if (props.replica)
      new BucketReplication(this, 'Replication', {
        ...props.replica,
        bucket,
        sourceName: props.bucketName,
        key: props.key,
        deletions: 'stay',
      })
  }
}

/** The rule of S3 itself: no bucket policy stops it, only the lock does (S3 user guide, "Object lifecycle with Object Lock"). */
const expireAfter = (days: number): LifecycleRule => ({
  id: 'after-lock',
  expiration: Duration.days(days + 1),
  noncurrentVersionExpiration: Duration.days(1),
})

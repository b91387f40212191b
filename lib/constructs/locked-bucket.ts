import { Duration } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { ObjectLockRetention, StorageClass, type Bucket, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3'
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
  /** Whether S3 deletes what is no longer locked. @default 'never' */
  readonly expiry?: 'never' | 'after-lock'
  /** Storage classes that objects move to as they age. @default none: they stay where they are */
  readonly tiers?: readonly { readonly afterDays: number; readonly storageClass: string }[]
  /** ARN of the one role that may delete versions which no lock holds any more. @default nobody */
  readonly disposer?: string
  /** ARN of the one role that may change lifecycle, lock, versions and copies. @default whoever IAM lets */
  readonly deployer?: string
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
        lifecycleRules: lifecycleOf(props),
      },
    })
    this.bucket = bucket
    const objects = [bucket.arnForObjects('*')]
    const { disposer } = props
    deny(
      bucket,
      'NobodyDeletes',
      ['s3:BypassGovernanceRetention', 's3:DeleteObject', ...(disposer ? [] : ['s3:DeleteObjectVersion'])],
      objects,
    )
    if (disposer)
      deny(bucket, 'OnlyDisposalsDelete', ['s3:DeleteObjectVersion'], objects, {
        ArnNotEquals: { 'aws:PrincipalArn': disposer },
      })
    if (props.deployer)
      deny(bucket, 'OnlyDeploymentsChange', SETTINGS, [bucket.bucketArn], {
        ArnNotEquals: { 'aws:PrincipalArn': props.deployer },
      })
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

/** What decides how long objects are kept, and where copies go. The bucket policy itself is held by an alarm on its change. */
const SETTINGS = [
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
]

const deny = (
  bucket: Bucket,
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: Record<string, unknown>,
): void => {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources,
      ...(conditions && { conditions }),
    }),
  )
}

/**
 * What S3 does by itself. No bucket policy stops it, only the lock does (S3 user guide, "Object lifecycle with Object Lock"),
 * so that whoever must not lose anything has no expiry at all.
 */
function lifecycleOf({ days, expiry = 'never', tiers = [] }: LockedBucketProps): LifecycleRule[] {
  return [
    // Parts of an upload whose sender was killed are no object and hold nothing that was acknowledged; nobody sees them.
    { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(7) },
    ...(tiers.length > 0
      ? [
          {
            id: 'tiers',
            transitions: tiers.map(({ afterDays, storageClass }) => ({
              storageClass: new StorageClass(storageClass),
              transitionAfter: Duration.days(afterDays),
            })),
          },
        ]
      : []),
    ...(expiry === 'after-lock'
      ? [
          {
            id: 'after-lock',
            expiration: Duration.days(days + 1),
            noncurrentVersionExpiration: Duration.days(1),
          },
        ]
      : []),
  ]
}

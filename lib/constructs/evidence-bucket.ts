import { Duration } from 'aws-cdk-lib'
import { Effect, AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { ObjectLockRetention, type Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { BucketReplication } from './bucket-replication'
import { GuardedBucket } from './guarded-bucket'
import { IRREVERSIBLE } from '../../core/policy/rules/backup'
import type { ReplicaBucket } from '../names'

/** How long evidence is locked, and whether anybody at all may lift the lock. */
export type EvidenceLock =
  | { readonly mode: 'governance'; readonly days: number }
  | { readonly mode: 'compliance'; readonly days: number; readonly irreversibleAcknowledgement: string }

export interface EvidenceBucketProps {
  readonly bucketName: string
  readonly key: IKey
  readonly accessLogs: IBucket
  readonly lock: EvidenceLock
  /** Where this region's own records are copied within 15 minutes. @default nowhere: the end of the chain of copies */
  readonly replica?: EvidenceReplica
}

export interface EvidenceReplica {
  readonly roleName: string
  /** Only the region's own records and checkpoints: what was replicated into the bucket is not replicated on. */
  readonly prefixes: readonly string[]
  readonly destination: ReplicaBucket
}

/**
 * Evidence records, written once and locked. Nobody may delete a version; a second version of a key is detected by the
 * verifier, since Object Lock keeps the first one readable.
 * @stateful
 */
export class EvidenceBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: EvidenceBucketProps) {
    super(scope, id)
    const { lock } = props
    if (lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE)
      throw new Error(
        `a compliance lock at '${this.node.path}' needs the sentence '${IRREVERSIBLE}', got '${lock.irreversibleAcknowledgement}'`,
      )
    const duration = Duration.days(lock.days)
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

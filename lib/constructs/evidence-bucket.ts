import { Duration } from 'aws-cdk-lib'
import { Effect, AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { ObjectLockRetention, type Bucket, type IBucket, type CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { GuardedBucket } from './guarded-bucket'
import { ServiceRole } from './service-role'
import { IRREVERSIBLE } from '../../core/policy/rules/backup'

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
  readonly bucketArn: string
  readonly region: string
  readonly keyAlias: string
  readonly keyAliasArn: string
  readonly anyKeyArn: string
}

/**
 * Evidence records, written once and locked. Nobody may delete a version; a second version of a key is detected by the
 * verifier, since Object Lock keeps the first one readable.
 * @stateful
 */
export class EvidenceBucket extends Construct {
  readonly bucket: Bucket

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EvidenceBucketProps,
  ) {
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
    if (props.replica) this.replicateTo(props.replica)
  }

  // By the property and not by the L2's replicationRules: those need a bucket and a key construct of the other region,
  // while we know only chosen names (an alias ARN is a valid ReplicaKmsKeyID).
  private replicateTo(replica: EvidenceReplica): void {
    const own = `arn:aws:s3:::${this.props.bucketName}`
    const { role } = new ServiceRole(this, 'ReplicationRole', {
      roleName: replica.roleName,
      service: 's3.amazonaws.com',
      statements: [
        allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], [own]),
        allow(
          READ_FOR_REPLICATION,
          replica.prefixes.map((prefix) => `${own}/${prefix}*`),
        ),
        allow(
          ['s3:ReplicateObject', 's3:ReplicateTags'],
          replica.prefixes.map((prefix) => `${replica.bucketArn}/${prefix}*`),
        ),
        allow(['kms:Decrypt'], [this.props.key.keyArn]),
        // The key's id is random and stays in its region: here it is known by its alias alone.
        allow(['kms:Encrypt', 'kms:GenerateDataKey'], [replica.anyKeyArn], {
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': replica.keyAlias },
          StringEquals: { 'kms:ViaService': `s3.${replica.region}.amazonaws.com` },
        }),
      ],
    })
    const resource = this.bucket.node.defaultChild as CfnBucket
    // Replication time control knows one value: 15 minutes (S3 user guide, "Replication Time Control").
    const within = { minutes: 15 }
    resource.replicationConfiguration = {
      role: role.roleArn,
      rules: replica.prefixes.map((prefix, i) => ({
        id: `own-${prefix}`,
        status: 'Enabled',
        priority: i + 1,
        filter: { prefix },
        deleteMarkerReplication: { status: 'Disabled' },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          bucket: replica.bucketArn,
          encryptionConfiguration: { replicaKmsKeyId: replica.keyAliasArn },
          replicationTime: { status: 'Enabled', time: within },
          metrics: { status: 'Enabled', eventThreshold: within },
        },
      })),
    }
  }
}

const READ_FOR_REPLICATION = [
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectVersionAcl',
  's3:GetObjectVersionForReplication',
  's3:GetObjectVersionTagging',
]

const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>): PolicyStatement =>
  new PolicyStatement({ actions, resources, ...(conditions && { conditions }) })

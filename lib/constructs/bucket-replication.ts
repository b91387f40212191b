import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { ReplicaBucket } from '../names'
import { ServiceRole } from './service-role'

export interface BucketReplicationProps {
  readonly roleName: string
  readonly bucket: Bucket
  /** Chosen name of the bucket: its role names it without waiting for it. */
  readonly sourceName: string
  readonly key: IKey
  readonly destination: ReplicaBucket
  /** @default everything */
  readonly prefixes?: readonly string[]
  /** Whether a deletion is repeated at the destination; the versions before it stay there in either case. */
  readonly deletions: 'follow' | 'stay'
}

/**
 * Copies of a bucket's objects in another region within 15 minutes (replication time control), encrypted there by that
 * region's own key. S3 refuses a destination that does not exist, so the receiving region is deployed first.
 */
export class BucketReplication extends Construct {
  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id)
    const { destination } = props
    const prefixes = props.prefixes ?? ['']
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 's3.amazonaws.com',
      statements: statements(props, prefixes),
    })
    // By the property and not by the L2's replicationRules: those need a bucket and a key construct of the other region,
    // while we know only chosen names (an alias ARN is a valid ReplicaKmsKeyID).
    const resource = props.bucket.node.defaultChild as CfnBucket
    // Replication time control knows one value: 15 minutes (S3 user guide, "Replication Time Control").
    const within = { minutes: 15 }
    resource.replicationConfiguration = {
      role: role.roleArn,
      rules: prefixes.map((prefix, i) => ({
        id: replicationRule(prefix),
        status: 'Enabled',
        priority: i + 1,
        filter: { prefix },
        deleteMarkerReplication: { status: props.deletions === 'follow' ? 'Enabled' : 'Disabled' },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          bucket: destination.bucketArn,
          encryptionConfiguration: { replicaKmsKeyId: destination.keyAliasArn },
          replicationTime: { status: 'Enabled', time: within },
          metrics: { status: 'Enabled', eventThreshold: within },
        },
      })),
    }
  }
}

/** Id of the rule that copies a prefix, the empty one for everything: a dimension of its metrics. */
export const replicationRule = (prefix: string): string => `own-${prefix || 'everything'}`

function statements(props: BucketReplicationProps, prefixes: readonly string[]): PolicyStatement[] {
  const { destination, deletions } = props
  const own = `arn:aws:s3:::${props.sourceName}`
  return [
    allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], [own]),
    allow(
      READ_FOR_REPLICATION,
      prefixes.map((prefix) => `${own}/${prefix}*`),
    ),
    allow(
      ['s3:ReplicateObject', 's3:ReplicateTags', ...(deletions === 'follow' ? ['s3:ReplicateDelete'] : [])],
      prefixes.map((prefix) => `${destination.bucketArn}/${prefix}*`),
    ),
    allow(['kms:Decrypt'], [props.key.keyArn]),
    // The key's id is random and stays in its region: here it is known by its alias alone.
    allow(['kms:Encrypt', 'kms:GenerateDataKey'], [destination.anyKeyArn], {
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': destination.keyAlias },
      StringEquals: { 'kms:ViaService': `s3.${destination.region}.amazonaws.com` },
    }),
  ]
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

import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { AccessLogBucket } from '../constructs/access-log-bucket'
import { LockedBucket, type LockedBucketProps } from '../constructs/locked-bucket'
import { POSTURE_FOLDER } from '../../core/compliance/validation/kept-posture'
import type { Names, RegionRole } from '../names'

export interface EvidenceStackProps extends StackProps {
  readonly names: Names
  readonly role: RegionRole
  readonly key: IKey
  readonly lock: LockedBucketProps['lock']
  readonly lockDays: number
  readonly accessLogRetentionDays: number
  /** Region that receives a copy of this region's records. @default none */
  readonly copyTo?: RegionRole
}

/**
 * The evidence of one region. Copies flow one way, primary to recovery to witness: S3 refuses a replication whose
 * destination does not exist, so two buckets that name each other could never be created while one region is dark.
 */
export class EvidenceStack extends Stack {
  readonly evidence: LockedBucket
  readonly accessLogs: AccessLogBucket

  constructor(scope: Construct, id: string, props: EvidenceStackProps) {
    super(scope, id, props)
    const { names, role, copyTo } = props
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', {
      bucketName: names.bucket('access-logs', role),
      retentionDays: props.accessLogRetentionDays,
    })
    this.evidence = new LockedBucket(this, 'Evidence', {
      bucketName: names.bucket('evidence', role),
      key: props.key,
      accessLogs: this.accessLogs.bucket,
      lock: props.lock,
      days: props.lockDays,
      ...(copyTo && {
        replica: {
          roleName: names.role('evidence-replication', role),
          prefixes: evidencePrefixes(names, role),
          destination: names.replicaBucket('evidence', copyTo, 'evidence'),
        },
      }),
    })
  }
}

/** Where a region writes its own evidence, and keeps what it was deployed with. */
export const evidencePrefixes = (names: Names, role: RegionRole): string[] =>
  ['records', 'checkpoints', POSTURE_FOLDER].map((kind) => `${kind}/${names.region(role)}/`)

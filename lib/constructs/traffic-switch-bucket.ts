import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { GuardedBucket } from './guarded-bucket'

export interface TrafficSwitchBucketProps {
  readonly bucketName: string
  readonly accessLogs: IBucket
  /** The only objects a health checker may read. */
  readonly readableKeys: readonly string[]
  /** Addresses the checkers come from, CIDR. */
  readonly checkerRanges: readonly string[]
}

/**
 * One place's traffic switch. Route 53's checkers sign nothing, so the objects are readable without credentials, but only
 * from the checkers' addresses, and encrypted with SSE-S3, since an anonymous reader cannot use a KMS key. A policy bound
 * to fixed addresses is not public in S3's sense (S3 user guide, "The meaning of public"), so public access stays blocked.
 * @stateful
 */
export class TrafficSwitchBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, props: TrafficSwitchBucketProps) {
    super(scope, id)
    for (const range of props.checkerRanges) assertNarrow(range, this.node.path)
    const { bucket } = new GuardedBucket(this, 'Bucket', { bucketName: props.bucketName, accessLogs: props.accessLogs })
    this.bucket = bucket
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'HealthCheckersRead',
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: props.readableKeys.map((key) => bucket.arnForObjects(key)),
        conditions: { IpAddress: { 'aws:SourceIp': [...props.checkerRanges] } },
      }),
    )
  }
}

// S3 calls a policy public when its address condition is wider than /8; we stop earlier: no checker range is wider than /16.
function assertNarrow(range: string, path: string): void {
  const bits = Number(/^[\d.]+\/(\d+)$/.exec(range)?.[1])
  if (!(bits >= 16 && bits <= 32))
    throw new Error(`a checker range at '${path}' has to be an IPv4 CIDR of /16 or narrower, got '${range}'`)
}

import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { AuditBucket, type AuditBucketProps } from '../constructs/audit-bucket'
import { AuditTrail, type AuditTrailProps } from '../constructs/audit-trail'

export interface AuditStackProps extends StackProps {
  readonly bucket: AuditBucketProps
  /** @default none: another region holds it, or it stands already */
  readonly trail?: AuditTrailProps
}

/** What is kept of who did what, and of how things stood, in one region. */
export class AuditStack extends Stack {
  constructor(scope: Construct, id: string, { bucket, trail, ...props }: AuditStackProps) {
    super(scope, id, props)
    new AuditBucket(this, 'Audit', bucket)
    if (trail) new AuditTrail(this, 'Trail', trail)
  }
}

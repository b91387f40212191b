import { Stack, type StackProps } from 'aws-cdk-lib'
import { CfnServiceLinkedRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { AuditBucket, type AuditBucketProps } from '../constructs/audit-bucket'
import { AuditTrail, type AuditTrailProps } from '../constructs/audit-trail'

export interface AuditStackProps extends StackProps {
  readonly bucket: AuditBucketProps
  /** @default none: another region holds it, or it stands already */
  readonly trail?: AuditTrailProps
  /** Whether the role under which AWS Backup writes reports is made here: the account has one for all regions. */
  readonly reportsRole: 'create' | 'existing'
}

/** What is kept of who did what, and of how things stood, in one region. */
export class AuditStack extends Stack {
  constructor(scope: Construct, id: string, { bucket, trail, reportsRole, ...props }: AuditStackProps) {
    super(scope, id, props)
    const audit = new AuditBucket(this, 'Audit', bucket)
    if (reportsRole === 'create') {
      const role = new CfnServiceLinkedRole(this, 'ReportsRole', { awsServiceName: 'reports.backup.amazonaws.com' })
      // S3 takes no policy that names a role which is not there.
      audit.bucket.policy?.node.addDependency(role)
    }
    if (trail) new AuditTrail(this, 'Trail', trail)
  }
}

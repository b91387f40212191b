import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { LockedBucket, type LockedBucketProps } from './locked-bucket'
import { ServiceRole } from './service-role'

export interface AuditTrailProps {
  readonly trailName: string
  readonly trailArn: string
  readonly bucket: Pick<LockedBucketProps, 'bucketName' | 'accessLogs' | 'lock' | 'days'>
  readonly key: IKey
  /** Log group in which the trail can be searched during an incident. */
  readonly logGroupName: string
  readonly logKey: IKey
  readonly logRetention: RetentionDays
  readonly logRoleName: string
  /** Buckets of which every write is recorded, by ARN. */
  readonly recordedBuckets: readonly string[]
}

/**
 * Every call in every region of the account, in files that nobody changes: locked, encrypted with a key of their own, and
 * signed hour by hour (log file validation).
 * @stateful
 */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id)
    const { bucket } = new LockedBucket(this, 'Files', { ...props.bucket, key: props.key, expiry: 'after-lock' })
    for (const statement of deliveryTo(bucket, props, Stack.of(this).account)) bucket.addToResourcePolicy(statement)
    const logs = new LogGroup(this, 'Log', {
      logGroupName: props.logGroupName,
      encryptionKey: props.logKey,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { account, region } = Stack.of(this)
    const logArn = `arn:aws:logs:${region}:${account}:log-group:${props.logGroupName}`
    const { role } = new ServiceRole(this, 'LogRole', {
      roleName: props.logRoleName,
      service: 'cloudtrail.amazonaws.com',
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${logArn}:log-stream:${account}_CloudTrail_${region}*`],
        }),
      ],
    })
    const trail = new CfnTrail(this, 'Resource', {
      trailName: props.trailName,
      s3BucketName: bucket.bucketName,
      kmsKeyId: props.key.keyArn,
      cloudWatchLogsLogGroupArn: logs.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      advancedEventSelectors: [
        { name: 'Every call', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
        ...(props.recordedBuckets.length > 0 ? [writesInto(props.recordedBuckets)] : []),
      ],
    })
    // CloudTrail tries the bucket and the role when it is created.
    trail.node.addDependency(bucket, role)
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
function deliveryTo(bucket: Bucket, { trailArn }: AuditTrailProps, account: string): PolicyStatement[] {
  const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')]
  const ofThisTrail = { 'aws:SourceArn': trailArn }
  return [
    new PolicyStatement({
      sid: 'TrailLooksAtTheBucket',
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: ofThisTrail },
    }),
    new PolicyStatement({
      sid: 'TrailWrites',
      principals,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${account}/*`)],
      conditions: { StringEquals: { ...ofThisTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ]
}

const writesInto = (bucketArns: readonly string[]): CfnTrail.AdvancedEventSelectorProperty => ({
  name: 'Every write into what has to be proven',
  fieldSelectors: [
    { field: 'eventCategory', equalTo: ['Data'] },
    { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
    { field: 'readOnly', equalTo: ['false'] },
    { field: 'resources.ARN', startsWith: bucketArns.map((arn) => `${arn}/`) },
  ],
})

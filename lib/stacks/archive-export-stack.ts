import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { GuardedBucket } from '../constructs/guarded-bucket'
import { ServiceRole } from '../constructs/service-role'

export interface ArchiveExportStackProps extends StackProps, FunctionFleetProps {
  readonly staging: {
    readonly bucketName: string
    readonly key: IKey
    readonly accessLogs: IBucket
    readonly days: number
  }
  readonly exportRoleName: string
  readonly everyMinutes: number
}

/**
 * What brings the tables of the database into the archive of its region. RDS has to be able to delete where it writes
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html), which the archive allows nobody, so
 * that it writes into a bucket of its own, from which the files are taken.
 */
export class ArchiveExportStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchiveExportStackProps) {
    super(scope, id, props)
    const { staging, around, key } = props
    const { names, role } = around
    const age = Duration.days(staging.days)
    new GuardedBucket(this, 'Staging', {
      bucketName: staging.bucketName,
      encryptionKey: staging.key,
      accessLogs: staging.accessLogs,
      extra: {
        lifecycleRules: [{ id: 'taken-long-ago', expiration: age, noncurrentVersionExpiration: Duration.days(1) }],
      },
    })
    new ServiceRole(this, 'ExportRole', {
      roleName: props.exportRoleName,
      service: 'export.rds.amazonaws.com',
      conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      statements: [
        new PolicyStatement({
          actions: ['s3:GetBucketLocation', 's3:ListBucket'],
          resources: [names.bucketArn('archive-staging', role)],
        }),
        new PolicyStatement({
          actions: [
            's3:AbortMultipartUpload',
            's3:DeleteObject',
            's3:GetObject',
            's3:ListMultipartUploadParts',
            's3:PutObject',
          ],
          resources: [`${names.bucketArn('archive-staging', role)}/*`],
        }),
        // To encrypt and to decrypt, says AWS of the role's key (API reference of RDS, ExportTask).
        new PolicyStatement({
          actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
          resources: [staging.key.keyArn],
        }),
      ],
    })
    const target = new FunctionFleet(this, 'Functions', props).find('archive-export')
    if (!target) throw new Error(`nothing exports into the archive of '${names.region(role)}'`)
    new FunctionSchedule(this, 'Schedule', {
      scheduleName: names.function('archive-export'),
      roleName: names.role('archive-export-schedule', role),
      target,
      key,
      everyMinutes: props.everyMinutes,
    })
  }
}

import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config'
import { Stack } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { AUDIT_FOLDER } from './audit-bucket'
import { ServiceRole } from './service-role'

export interface ConfigurationRecorderProps {
  /** Of recorder and delivery channel: a region has one of each. */
  readonly name: string
  readonly roleName: string
  readonly bucketName: string
  readonly key: IKey
  /** Whether users, groups, roles and policies are recorded too: they are the same in every region, so one region does. */
  readonly globalResources: boolean
}

/** The recorder of AWS Config of one region with the channel by which it delivers. Rules judge only what it records. */
export class ConfigurationRecorder extends Construct {
  readonly recorder: CfnConfigurationRecorder

  constructor(scope: Construct, id: string, props: ConfigurationRecorderProps) {
    super(scope, id)
    const bucketArn = `arn:aws:s3:::${props.bucketName}`
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'config.amazonaws.com',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWS_ConfigRole')],
      statements: [
        new PolicyStatement({ actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [bucketArn] }),
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [`${bucketArn}/${AUDIT_FOLDER.configurationHistory}/AWSLogs/${Stack.of(this).account}/Config/*`],
        }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.key.keyArn] }),
      ],
    })
    this.recorder = new CfnConfigurationRecorder(this, 'Resource', {
      name: props.name,
      roleArn: role.roleArn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: props.globalResources },
    })
    // Neither depends on the other: CloudFormation creates the recorder only once a channel is there, and starts it then.
    const channel = new CfnDeliveryChannel(this, 'Channel', {
      name: props.name,
      s3BucketName: props.bucketName,
      s3KeyPrefix: AUDIT_FOLDER.configurationHistory,
      s3KmsKeyArn: props.key.keyArn,
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    })
    this.recorder.node.addDependency(role)
    channel.node.addDependency(role)
  }
}

import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { Json } from '../../core/json'
import { ServiceRole } from './service-role'

export interface LoggedStateMachineProps {
  readonly stateMachineName: string
  readonly roleName: string
  /** Amazon States Language. */
  readonly definition: Json
  /** What its tasks may do. */
  readonly statements: readonly PolicyStatement[]
  readonly key: IKey
  readonly logRetention: RetentionDays
}

/** A state machine that leaves logs and traces, encrypted with a key of ours. */
export class LoggedStateMachine extends Construct {
  readonly stateMachineArn: string

  constructor(scope: Construct, id: string, props: LoggedStateMachineProps) {
    super(scope, id)
    const logs = new LogGroup(this, 'Logs', {
      // Step Functions may write to groups of this prefix without growing the account's one log policy past its limit.
      logGroupName: `/aws/vendedlogs/states/${props.stateMachineName}`,
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'states.amazonaws.com',
      statements: [
        ...props.statements,
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.key.keyArn] }),
        new PolicyStatement({ actions: DELIVERY_AND_TRACING, resources: ['*'] }),
      ],
    })
    const machine = new CfnStateMachine(this, 'Resource', {
      stateMachineName: props.stateMachineName,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(props.definition),
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: props.key.keyArn,
        // The service's default (API reference, EncryptionConfiguration).
        kmsDataKeyReusePeriodSeconds: 300,
      },
      loggingConfiguration: {
        level: 'ALL',
        // State holds ids and codes; what people typed never enters it, but the logs stay without payloads all the same.
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
    })
    machine.node.addDependency(role)
    this.stateMachineArn = machine.attrArn
  }
}

// Log delivery and tracing know no resources (Step Functions developer guide, "Logging using CloudWatch Logs").
const DELIVERY_AND_TRACING = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]

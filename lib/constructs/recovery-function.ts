import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  Architecture,
  Function,
  FunctionUrlAuthType,
  LoggingFormat,
  Runtime,
  Tracing,
  type Code,
  type ILayerVersion,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { FunctionContract, Permission } from '../../lambda/contract'
import { arnsOf, conditionOf, environmentOf, type Surroundings } from '../function-bindings'
import { ServiceRole } from './service-role'

/** Where functions that speak to the database stand. */
export interface IsolatedNetwork {
  readonly vpc: IVpc
  readonly subnets: readonly ISubnet[]
  readonly securityGroup: ISecurityGroup
}

export interface RecoveryFunctionProps {
  readonly contract: FunctionContract
  readonly around: Surroundings
  readonly code: Code
  readonly policyLayer: ILayerVersion
  readonly key: IKey
  readonly logRetention: RetentionDays
  readonly deadLetters: IQueue
  /** @default none; a contract that asks for isolated subnets is refused without it */
  readonly network?: IsolatedNetwork
}

/** One function with one privilege: its contract bound to the resources of its region, and nothing beyond. */
export class RecoveryFunction extends Construct {
  readonly function: Function

  constructor(scope: Construct, id: string, props: RecoveryFunctionProps) {
    super(scope, id)
    const { contract, around } = props
    const { names, role } = around
    const isolated = contract.network === 'isolated'
    if (isolated && !props.network)
      throw new Error(
        `'${contract.name}' has to stand in isolated subnets, but no network was given at '${this.node.path}'`,
      )
    const functionName = names.function(contract.name)
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { role: executionRole } = new ServiceRole(this, 'Role', {
      roleName: names.role(contract.name, role),
      service: 'lambda.amazonaws.com',
      statements: [
        ...contract.permissions.flatMap((permission) => statementOf(permission, around)),
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.deadLetters.queueArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.key.keyArn] }),
        new PolicyStatement({ actions: TRACING, resources: ['*'] }),
        ...(isolated ? [new PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] })] : []),
      ],
    })
    this.function = new Function(this, 'Resource', {
      functionName,
      description: contract.name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'handler.handler',
      code: props.code,
      layers: contract.environment.includes('POLICY_PATH') ? [props.policyLayer] : [],
      role: executionRole,
      memorySize: contract.memoryMegabytes ?? MEMORY_MEGABYTES,
      timeout: Duration.seconds(contract.timeoutSeconds),
      reservedConcurrentExecutions: contract.concurrency ?? RESERVED,
      environment: environmentOf(contract.environment, around),
      environmentEncryption: props.key,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      deadLetterQueue: props.deadLetters,
      retryAttempts: contract.retries ?? 0,
      ...(isolated &&
        props.network && {
          vpc: props.network.vpc,
          vpcSubnets: { subnets: [...props.network.subnets] },
          securityGroups: [props.network.securityGroup],
        }),
    })
    // Lambda verifies the signature of each request and tells the function who it is from.
    if (contract.url === 'signed') this.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM })
  }
}

/** A permission of a contract as statements: none where the region has nothing of the kind. */
export function statementOf(permission: Permission, around: Surroundings): PolicyStatement[] {
  const { actions, leadingKeys, tagKeys, requestTag, resourceTag } = permission
  const present = [requestTag && `aws:RequestTag/${requestTag}`, resourceTag && `aws:ResourceTag/${resourceTag}`]
  const conditions = {
    ...conditionOf(permission.on, around),
    ...(leadingKeys && { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [...leadingKeys] } }),
    ...(tagKeys && { 'ForAllValues:StringEquals': { 'aws:TagKeys': [...tagKeys] } }),
    ...(present.some(Boolean) && {
      Null: Object.fromEntries(present.flatMap((key) => (key ? [[key, 'false'] as const] : []))),
    }),
  }
  const resources = arnsOf(permission.on, around)
  return resources.length === 0 ? [] : [new PolicyStatement({ actions: [...actions], resources, conditions })]
}

/** Half a processor core: a TLS handshake and an SDK client start well within a second. An estimate, not measured on AWS. */
const MEMORY_MEGABYTES = 1024
/** Kept free for each function, so that nothing else in the account can starve a failover; two overlapping guards fit. */
const RESERVED = 3
// Neither action knows resources (service authorization reference of X-Ray).
const TRACING = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments']
// What Lambda needs to attach a function to subnets; interfaces do not exist yet, so they have no ARN to name.
const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
]

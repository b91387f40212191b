import { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge'
import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionByArnCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { GetScheduleCommand, GetScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { DescribeStateMachineCommand, ListTagsForResourceCommand, SFNClient } from '@aws-sdk/client-sfn'
import type { Json } from '../../core/json'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, present, tagList, type Reader } from './reader'

const lambda = (region: string) => new LambdaClient(clientSettings(region))

const lambdaFunction: Reader = async ({ region, physicalId: FunctionName }) => {
  const client = lambda(region)
  const { Configuration = {}, Code, Tags } = await client.send(new GetFunctionCommand({ FunctionName }))
  const concurrency = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))
  return {
    Architectures: Configuration.Architectures,
    Code: Code?.Location ?? Configuration.CodeSha256,
    DeadLetterConfig: Configuration.DeadLetterConfig,
    Description: Configuration.Description,
    Environment: Configuration.Environment,
    FunctionName: Configuration.FunctionName,
    Handler: Configuration.Handler,
    KmsKeyArn: Configuration.KMSKeyArn,
    Layers: Configuration.Layers?.map(({ Arn }) => Arn),
    LoggingConfig: Configuration.LoggingConfig,
    MemorySize: Configuration.MemorySize,
    ReservedConcurrentExecutions: concurrency.ReservedConcurrentExecutions,
    Role: Configuration.Role,
    Runtime: Configuration.Runtime,
    Tags: tagList(Tags),
    Timeout: Configuration.Timeout,
    TracingConfig: Configuration.TracingConfig,
    VpcConfig: Configuration.VpcConfig,
  }
}

const eventInvokeConfig: Reader = async ({ region, refersTo }) => {
  const [FunctionName] = refersTo('FunctionName')
  const { FunctionArn, MaximumRetryAttempts } = await lambda(region).send(
    new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' }),
  )
  return { FunctionName, Qualifier: FunctionArn?.split(':').at(-1), MaximumRetryAttempts }
}

const layerVersion: Reader = async ({ region, physicalId: Arn }) => {
  const { Content, Description } = await lambda(region).send(new GetLayerVersionByArnCommand({ Arn }))
  return { Content: Content?.CodeSha256, Description }
}

const lambdaPermission: Reader = async ({ region, physicalId, refersTo }) => {
  const [FunctionName] = refersTo('FunctionName')
  const { Policy } = await lambda(region).send(new GetPolicyCommand({ FunctionName }))
  const { Statement = [] } = (parsed(Policy) ?? {}) as { Statement?: readonly Readonly<Record<string, Json>>[] }
  const { Action, Principal, Condition } = present(
    Statement.find(({ Sid }) => Sid === physicalId),
    `statement '${physicalId}' of the policy of ${FunctionName}`,
  )
  const { ArnLike } = (Condition ?? {}) as { ArnLike?: Readonly<Record<string, string>> }
  return {
    FunctionName,
    Action,
    Principal: (Principal as { Service?: string } | undefined)?.Service,
    SourceArn: ArnLike?.['AWS:SourceArn'],
  }
}

const stateMachine: Reader = async ({ region, physicalId: stateMachineArn }) => {
  const client = new SFNClient(clientSettings(region))
  const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn }))
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }))
  return {
    DefinitionString: machine.definition,
    EncryptionConfiguration: machine.encryptionConfiguration,
    LoggingConfiguration: machine.loggingConfiguration,
    RoleArn: machine.roleArn,
    StateMachineName: machine.name,
    StateMachineType: machine.type,
    Tags: tags,
    TracingConfiguration: machine.tracingConfiguration,
  }
}

const rule: Reader = async ({ region, physicalId }) => {
  const client = new EventBridgeClient(clientSettings(region))
  const Name = physicalId.split('|').at(-1)
  const found = await client.send(new DescribeRuleCommand({ Name }))
  const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }))
  return {
    Name: found.Name,
    EventPattern: parsed(found.EventPattern),
    ScheduleExpression: found.ScheduleExpression,
    State: found.State,
    Targets,
  }
}

const functionUrl: Reader = async ({ region, refersTo }) => {
  const [FunctionName] = refersTo('TargetFunctionArn')
  const { AuthType, FunctionArn } = await lambda(region).send(new GetFunctionUrlConfigCommand({ FunctionName }))
  return { AuthType, TargetFunctionArn: FunctionArn }
}

const scheduleGroup: Reader = async ({ region, physicalId: Name }) => {
  const found = await new SchedulerClient(clientSettings(region)).send(new GetScheduleGroupCommand({ Name }))
  return { Name: found.Name }
}

const schedule: Reader = async ({ region, physicalId, properties: { GroupName } }) => {
  // The id of a schedule in a group is `group|name` or the name alone; the service asks for both.
  const Name = physicalId.split('|').at(-1)
  const found = await new SchedulerClient(clientSettings(region)).send(
    new GetScheduleCommand({ Name, ...(typeof GroupName === 'string' && { GroupName }) }),
  )
  return {
    FlexibleTimeWindow: found.FlexibleTimeWindow,
    GroupName: found.GroupName,
    KmsKeyArn: found.KmsKeyArn,
    Name: found.Name,
    ScheduleExpression: found.ScheduleExpression,
    ScheduleExpressionTimezone: found.ScheduleExpressionTimezone,
    Target: found.Target,
  }
}

/** What runs, and what starts it. */
export const COMPUTE_READERS: Readonly<Record<string, Reader>> = {
  'AWS::Events::Rule': rule,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::LayerVersion': layerVersion,
  'AWS::Lambda::Permission': lambdaPermission,
  'AWS::Lambda::Url': functionUrl,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
  'AWS::StepFunctions::StateMachine': stateMachine,
}

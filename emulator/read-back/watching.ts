import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  type DescribeResourcePoliciesCommandOutput,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  GetTopicAttributesCommand,
  ListTagsForResourceCommand as ListTopicTagsCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, tagList, type Reader } from './reader'

const alarm: Reader = async ({ region, physicalId }) => {
  const { MetricAlarms = [] } = await new CloudWatchClient(clientSettings(region)).send(
    new DescribeAlarmsCommand({ AlarmNames: [physicalId] }),
  )
  const [found] = MetricAlarms
  if (!found) throw new Error(`CloudWatch has no alarm '${physicalId}'`)
  const { AlarmActions, AlarmDescription, AlarmName, ComparisonOperator, Dimensions, EvaluationPeriods } = found
  const { MetricName, Namespace, Period, Statistic, TreatMissingData } = found
  const told = { AlarmActions, AlarmDescription, AlarmName, ComparisonOperator, Dimensions, EvaluationPeriods }
  return {
    ...told,
    MetricName,
    Namespace,
    Period,
    Statistic,
    TreatMissingData,
    DatapointsToAlarm: found.DatapointsToAlarm,
    ExtendedStatistic: found.ExtendedStatistic,
    Threshold: found.Threshold,
  }
}

const dashboard: Reader = async ({ region, physicalId: DashboardName }) => {
  const found = await new CloudWatchClient(clientSettings(region)).send(new GetDashboardCommand({ DashboardName }))
  return { DashboardName: found.DashboardName, DashboardBody: found.DashboardBody }
}

const logGroup: Reader = async ({ region, physicalId }) => {
  const client = new CloudWatchLogsClient(clientSettings(region))
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: physicalId }))
  const found = logGroups.find(({ logGroupName }) => logGroupName === physicalId)
  if (!found) throw new Error(`CloudWatch Logs has no group '${physicalId}'`)
  const resourceArn = found.arn?.replace(/:\*$/, '')
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }))
  return {
    LogGroupName: found.logGroupName,
    RetentionInDays: found.retentionInDays,
    KmsKeyId: found.kmsKeyId,
    Tags: tagList(tags),
  }
}

const logsPolicy: Reader = async ({ region, physicalId }) => {
  const client = new CloudWatchLogsClient(clientSettings(region))
  let nextToken: string | undefined
  do {
    const page: DescribeResourcePoliciesCommandOutput = await client.send(
      new DescribeResourcePoliciesCommand({ nextToken }),
    )
    const found = page.resourcePolicies?.find(({ policyName }) => policyName === physicalId)
    if (found) return { PolicyName: found.policyName, PolicyDocument: found.policyDocument }
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  throw new Error(`CloudWatch Logs has no policy '${physicalId}'`)
}

const topic: Reader = async ({ region, physicalId: TopicArn }) => {
  const client = new SNSClient(clientSettings(region))
  const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn }))
  const { Tags } = await client.send(new ListTopicTagsCommand({ ResourceArn: TopicArn }))
  return { TopicName: Attributes['TopicArn']?.split(':').at(-1), KmsMasterKeyId: Attributes['KmsMasterKeyId'], Tags }
}

const topicPolicy: Reader = async ({ region, refersTo }) => {
  const [TopicArn] = refersTo('Topics')
  const { Attributes = {} } = await new SNSClient(clientSettings(region)).send(
    new GetTopicAttributesCommand({ TopicArn }),
  )
  return { Topics: [TopicArn], PolicyDocument: parsed(Attributes['Policy']) }
}

const subscription: Reader = async ({ region, physicalId, refersTo }) => {
  const client = new SNSClient(clientSettings(region))
  const [TopicArn] = refersTo('TopicArn')
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
    const found = Subscriptions.find(({ SubscriptionArn }) => SubscriptionArn === physicalId)
    if (found) return { Endpoint: found.Endpoint, Protocol: found.Protocol, TopicArn: found.TopicArn }
  }
  throw new Error(`the topic ${TopicArn} has no subscription '${physicalId}'`)
}

const queue: Reader = async ({ region, physicalId: QueueUrl }) => {
  const client = new SQSClient(clientSettings(region))
  const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl }))
  const { KmsMasterKeyId, MessageRetentionPeriod, QueueArn } = Attributes
  return { KmsMasterKeyId, MessageRetentionPeriod, QueueName: QueueArn?.split(':').at(-1), Tags: tagList(Tags) }
}

const queuePolicy: Reader = async ({ region, refersTo }) => {
  const [QueueUrl] = refersTo('Queues')
  const client = new SQSClient(clientSettings(region))
  const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))
  return { Queues: [QueueUrl], PolicyDocument: parsed(Attributes['Policy']) }
}

/** What watches, keeps logs and tells people. */
export const WATCHING_READERS: Readonly<Record<string, Reader>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::ResourcePolicy': logsPolicy,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
}

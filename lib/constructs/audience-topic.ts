import { Stack } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

export interface AudienceTopicProps {
  readonly topicName: string
  readonly key: IKey
  /** E-mail addresses that are told, once they have confirmed. */
  readonly emails: readonly string[]
}

/** Where the people of one audience are told. Each region has its own: an alarm notifies in its region only. */
export class AudienceTopic extends Construct {
  readonly action: IAlarmAction

  constructor(scope: Construct, id: string, props: AudienceTopicProps) {
    super(scope, id)
    const topic = new Topic(this, 'Resource', { topicName: props.topicName, masterKey: props.key, enforceSSL: true })
    // Refusing what comes without TLS takes the place of the policy that SNS gives a topic, by which alarms of the account
    // publish. https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfTheAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    for (const endpoint of new Set(props.emails))
      new Subscription(this, endpoint, { topic, endpoint, protocol: SubscriptionProtocol.EMAIL })
    // What SnsAction does, without loading every other kind of action with it.
    this.action = { bind: () => ({ alarmActionArn: topic.topicArn }) }
  }
}

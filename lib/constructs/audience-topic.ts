import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
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
    for (const endpoint of new Set(props.emails))
      new Subscription(this, endpoint, { topic, endpoint, protocol: SubscriptionProtocol.EMAIL })
    // What SnsAction does, without loading every other kind of action with it.
    this.action = { bind: () => ({ alarmActionArn: topic.topicArn }) }
  }
}

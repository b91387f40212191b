import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'

import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'

export interface AlarmTopicProps {
  readonly key: IKey
  /** E-mail addresses that are told. */
  readonly emails: readonly string[]
}

/** Where the alarms of one stack ring. Each has its own, since an alarm can only notify in its own region. */
export class AlarmTopic extends Construct {
  readonly action: IAlarmAction

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id)
    const topic = new Topic(this, 'Resource', { masterKey: props.key, enforceSSL: true })
    for (const endpoint of new Set(props.emails))
      new Subscription(this, endpoint, { topic, endpoint, protocol: SubscriptionProtocol.EMAIL })
    // What SnsAction does, without loading every other kind of action with it.
    this.action = { bind: () => ({ alarmActionArn: topic.topicArn }) }
  }
}

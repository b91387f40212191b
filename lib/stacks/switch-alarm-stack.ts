import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnHealthCheck } from 'aws-cdk-lib/aws-route53'
import type { Construct } from 'constructs'
import { ringingAlarms } from '../alarms/security'
import type { Recipients } from '../audiences'
import { AudienceTopic } from '../constructs/audience-topic'
import { DataKey } from '../constructs/data-key'
import { DeclaredAlarm } from '../constructs/declared-alarm'
import { EventForwarding, type EventForwardingProps } from '../constructs/event-forwarding'
import type { SwitchObject } from '../constructs/traffic-checks'
import type { Names } from '../names'

export interface SwitchAlarmStackProps extends StackProps {
  /** Object of each place that is always there. */
  readonly objects: readonly SwitchObject[]
  readonly keyAlias: string
  readonly names: Names
  /** Bus of the region that opens incidents. */
  readonly forwardTo: Pick<EventForwardingProps, 'busArn' | 'roleName'>
  /** Who hears it first. */
  readonly first: Recipients
}

/**
 * Rings when the traffic switch cannot be read. It stands in us-east-1, since Route 53 publishes the metrics of its
 * health checks nowhere else; nothing of a failover depends on it.
 */
export class SwitchAlarmStack extends Stack {
  constructor(scope: Construct, id: string, props: SwitchAlarmStackProps) {
    super(scope, id, props)
    const { key } = new DataKey(this, 'Key', {
      alias: props.keyAlias,
      description: 'Notifications about the traffic switch',
      services: ['cloudwatch.amazonaws.com', 'sns.amazonaws.com'],
    })
    const { names, first } = props
    const { action } = new AudienceTopic(this, first.audience, {
      topicName: names.topic(first.audience),
      key,
      emails: first.emails,
    })
    new EventForwarding(this, 'Alarms', { names, rules: [ringingAlarms(names)], ...props.forwardTo })
    for (const object of props.objects) {
      const check = new CfnHealthCheck(this, `Readable-${object.place}`, {
        healthCheckConfig: {
          type: 'HTTPS',
          fullyQualifiedDomainName: object.host,
          resourcePath: object.path,
          port: 443,
          enableSni: true,
          requestInterval: object.requestIntervalSeconds,
          failureThreshold: object.consecutiveFailures,
        },
      })
      const metric = new Metric({
        namespace: 'AWS/Route53',
        metricName: 'HealthCheckStatus',
        dimensionsMap: { HealthCheckId: check.attrHealthCheckId },
        statistic: Stats.MINIMUM,
        period: Duration.minutes(1),
      })
      new DeclaredAlarm(this, `Unreadable-${object.place}`, {
        names,
        spec: {
          id: 'switch-unreadable',
          subject: object.place,
          metric,
          rings: 'below',
          threshold: 1,
          periods: 3,
          silence: 'rings',
        },
        action,
      })
    }
  }
}

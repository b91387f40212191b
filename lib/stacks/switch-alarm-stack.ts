import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnHealthCheck } from 'aws-cdk-lib/aws-route53'
import type { Construct } from 'constructs'
import { AlarmTopic } from '../constructs/alarm-topic'
import { DataKey } from '../constructs/data-key'
import type { SwitchObject } from '../constructs/failover-record'

export interface SwitchAlarmStackProps extends StackProps {
  /** Object of each place that is always there. */
  readonly objects: readonly SwitchObject[]
  readonly keyAlias: string
  readonly emails: readonly string[]
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
    const { action } = new AlarmTopic(this, 'Alarms', { key, emails: props.emails })
    for (const object of props.objects) {
      const check = new CfnHealthCheck(this, `Readable-${object.place}`, {
        healthCheckConfig: {
          type: 'HTTPS',
          fullyQualifiedDomainName: object.host,
          resourcePath: `/${object.key}`,
          port: 443,
          enableSni: true,
          requestInterval: object.requestIntervalSeconds,
          failureThreshold: object.consecutiveFailures,
        },
      })
      const alarm = new Alarm(this, `Unreadable-${object.place}`, {
        alarmDescription: `Route 53 cannot read the traffic switch in the ${object.place} region`,
        metric: new Metric({
          namespace: 'AWS/Route53',
          metricName: 'HealthCheckStatus',
          dimensionsMap: { HealthCheckId: check.attrHealthCheckId },
          statistic: Stats.MINIMUM,
          period: Duration.minutes(1),
        }),
        threshold: 1,
        evaluationPeriods: 3,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      })
      alarm.addAlarmAction(action)
    }
  }
}

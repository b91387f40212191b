import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
  type IAlarmAction,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'

export interface ReplicationAlarmsProps {
  /** What is replicated, in the words of the alarm. */
  readonly what: string
  readonly sourceName: string
  readonly destinationName: string
  readonly ruleIds: readonly string[]
  /** Age of the oldest object not yet replicated that rings. */
  readonly latencyMinutes: number
  readonly action: IAlarmAction
}

/** Rings when copies fall behind or fail. S3 publishes these metrics only for rules with metrics enabled. */
export class ReplicationAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ReplicationAlarmsProps) {
    super(scope, id)
    for (const ruleId of props.ruleIds) {
      const metric = (metricName: string, statistic: string) =>
        new Metric({
          namespace: 'AWS/S3',
          metricName,
          dimensionsMap: { SourceBucket: props.sourceName, DestinationBucket: props.destinationName, RuleId: ruleId },
          statistic,
          period: Duration.minutes(5),
        })
      this.ring(props, `Latency-${ruleId}`, {
        alarmDescription: `${props.what} reach the other region more than ${props.latencyMinutes} minutes late`,
        metric: metric('ReplicationLatency', Stats.MAXIMUM),
        threshold: props.latencyMinutes * 60,
      })
      this.ring(props, `Failed-${ruleId}`, {
        alarmDescription: `copies of ${props.what} to the other region fail`,
        metric: metric('OperationsFailedReplication', Stats.SUM),
        threshold: 0,
      })
    }
  }

  private ring(
    { action }: ReplicationAlarmsProps,
    id: string,
    props: { readonly alarmDescription: string; readonly metric: Metric; readonly threshold: number },
  ): void {
    const alarm = new Alarm(this, id, {
      ...props,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // S3 says nothing while there is nothing to copy.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(action)
  }
}

import { Duration } from 'aws-cdk-lib'
import { Metric, Stats, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmId } from '../../core/detection/alarms'
import type { Region } from '../composition/region'
import { METRIC, METRIC_NAMESPACE } from '../../lambda/contract'
import type { DataRegionRole } from '../names'

/** One alarm of the register bound to a metric of its region. */
export interface AlarmSpec {
  readonly id: AlarmId
  /** Tells several alarms of one kind apart, such as `g2` or the name of a function. @default one of its kind in the region */
  readonly subject?: string
  readonly metric: IMetric
  readonly rings: 'above' | 'below'
  readonly threshold: number
  /** Periods of the metric in a row that have to be beyond the threshold. */
  readonly periods: number
  /** What no data means. */
  readonly silence: 'rings' | 'is-fine'
}

/** An alarm that rings while all of some alarms of its region ring. */
export interface CompositeSpec {
  readonly id: AlarmId
  readonly rings: readonly AlarmId[]
}

export type DataRegion = Region<DataRegionRole>

/** A metric of AWS, per minute unless said otherwise. */
export const awsMetric = (
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  { statistic = Stats.MAXIMUM, minutes = 1 } = {},
): Metric => new Metric({ namespace, metricName, dimensionsMap, statistic, period: Duration.minutes(minutes) })

/** A metric that our own functions publish. */
export const ownMetric = (metric: keyof typeof METRIC, statistic: string): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName: METRIC[metric], statistic, period: Duration.minutes(1) })

/** How often an EventBridge rule on the default bus matched. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export const matchesOf = (ruleName: string, minutes: number): Metric =>
  awsMetric('AWS/Events', 'TriggeredRules', { RuleName: ruleName }, { statistic: Stats.SUM, minutes })

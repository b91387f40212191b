import { json, type Answer, type Call, type Service } from './wire'

interface Statistics {
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
  readonly StartTime: number
  readonly EndTime: number
}

interface DataQuery {
  readonly Id: string
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string
      readonly MetricName: string
      readonly Dimensions?: Statistics['Dimensions']
    }
    readonly Period: number
    readonly Stat: 'Sum' | 'Maximum' | 'SampleCount'
  }
}

interface Sample {
  readonly at: number
  readonly value: number
}

/** Name of a metric of one thing, such as `AWS/Lambda Errors guard`; of one without a dimension nothing follows. */
export const metricKey = (namespace: string, metric: string, of = ''): string => `${namespace} ${metric} ${of}`.trim()

/** What was measured, at moments in seconds since 1970, and the alarms that judge it. */
export class FakeCloudWatch implements Service {
  /** By `metricKey`. */
  readonly samples = new Map<string, Sample[]>()
  readonly alarms = new Map<
    string,
    { readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; readonly composite?: true }
  >()
  /** As many of either kind as one answer holds; the service says a hundred at most. */
  alarmsInOneAnswer = 2
  readonly freeStorage = new Map<string, { readonly at: number; readonly bytes: number }[]>()

  /** Metrics that the service cannot read at present, by `metricKey`, with what it says of each. */
  readonly unread = new Map<string, 'InternalError' | 'Forbidden'>()

  action = ({ headers }: Omit<Call, 'action'>) => `cloudwatch:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400): Answer => json({ __type: code, message: code }, status)

  answer({ action, body }: Call): Answer {
    if (action === 'cloudwatch:GetMetricData')
      return this.metricData(JSON.parse(body) as Parameters<typeof this.metricData>[0])
    if (action === 'cloudwatch:DescribeAlarms')
      return this.alarmsLike(JSON.parse(body) as Parameters<typeof this.alarmsLike>[0])
    if (action !== 'cloudwatch:GetMetricStatistics') return this.error('UnknownOperationException')
    const { Dimensions, StartTime, EndTime } = JSON.parse(body) as Statistics
    const measured = this.freeStorage.get(Dimensions[0]?.Value ?? '') ?? []
    // In no order, as the service says of itself (API reference, GetMetricStatistics).
    const Datapoints = measured
      .filter(({ at }) => at >= StartTime && at <= EndTime)
      .map(({ at, bytes }) => ({ Timestamp: at, Minimum: bytes, Unit: 'Bytes' }))
      .toReversed()
    return json({ Label: 'FreeStorageSpace', Datapoints })
  }

  private metricData(asked: {
    readonly MetricDataQueries: readonly DataQuery[]
    readonly StartTime: number
    readonly EndTime: number
  }): Answer {
    const { MetricDataQueries, StartTime, EndTime } = asked
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
      const { Namespace, MetricName, Dimensions = [] } = Metric
      const StatusCode = this.unread.get(metricKey(Namespace, MetricName, Dimensions[0]?.Value))
      // The request succeeds, and the one metric in it does not (API reference, MetricDataResult).
      if (StatusCode) return { Id, Label: MetricName, StatusCode, Timestamps: [], Values: [] }
      const periods = new Map<number, number[]>()
      for (const { at, value } of this.samples.get(metricKey(Namespace, MetricName, Dimensions[0]?.Value)) ?? []) {
        if (at < StartTime || at >= EndTime) continue
        const period = Math.floor(at / Period) * Period
        periods.set(period, [...(periods.get(period) ?? []), value])
      }
      // The newest first, as the service does unless it is asked otherwise (API reference, ScanBy).
      const found = [...periods].toSorted(([a], [b]) => b - a)
      return {
        Id,
        Label: MetricName,
        StatusCode: 'Complete',
        Timestamps: found.map(([at]) => at),
        Values: found.map(([, values]) => STATISTICS[Stat](values)),
      }
    })
    return json({ MetricDataResults, Messages: [] })
  }

  private alarmsLike(asked: { readonly AlarmNamePrefix?: string; readonly NextToken?: string }): Answer {
    const { AlarmNamePrefix = '', NextToken = '0' } = asked
    const ours = [...this.alarms].filter(([name]) => name.startsWith(AlarmNamePrefix))
    const from = Number(NextToken)
    const page = ours.slice(from, from + this.alarmsInOneAnswer)
    const of = (composite: boolean) =>
      page
        .filter(([, alarm]) => (alarm.composite === true) === composite)
        .map(([AlarmName, { state }]) => ({ AlarmName, StateValue: state }))
    const next = from + this.alarmsInOneAnswer
    return json({
      MetricAlarms: of(false),
      CompositeAlarms: of(true),
      ...(next < ours.length && { NextToken: String(next) }),
    })
  }
}

const STATISTICS = {
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values: readonly number[]) => Math.max(...values),
  SampleCount: (values: readonly number[]) => values.length,
} as const

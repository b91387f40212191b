import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
  type StatusCode,
} from '@aws-sdk/client-cloudwatch'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** A metric of one thing, and what is wanted of each minute. */
export interface MetricOfMinutes {
  readonly namespace: string
  readonly metric: string
  readonly dimension?: readonly [name: string, value: string]
  readonly statistic: 'Sum' | 'Maximum' | 'SampleCount'
}

/** One minute of a metric. */
export interface MinuteValue {
  readonly at: Date
  readonly value: number
}

/** As many as one request may hold. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MOST_QUERIES = 500

/** Minutes of several metrics up to now, in the order in which they are asked for; none for a metric that nobody publishes. */
export async function metricMinutes(
  client: CloudWatchClient,
  metrics: readonly MetricOfMinutes[],
  { minutes, now }: { readonly minutes: number; readonly now: Date },
): Promise<MinuteValue[][]> {
  const found: MinuteValue[][] = metrics.map(() => [])
  for (let from = 0; from < metrics.length; from += MOST_QUERIES) {
    const queries = metrics.slice(from, from + MOST_QUERIES).map((metric, at) => queryOf(metric, from + at))
    let NextToken: string | undefined
    do {
      const command = new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(now.getTime() - minutes * 60_000),
        EndTime: now,
        ...(NextToken !== undefined && { NextToken }),
      })
      const answer = await asking('reading metrics', () => client.send(command, within(CALL_MS)))
      for (const { Id = '', StatusCode, Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
        requireTold(StatusCode)
        found[Number(Id.slice(1))]?.push(...Timestamps.map((at, place) => ({ at, value: Values[place] ?? 0 })))
      }
      NextToken = answer.NextToken
    } while (NextToken !== undefined)
  }
  return found
}

/** One metric of an answer may be missing while the answer is there: without its values it would look like silence. */
function requireTold(status: StatusCode | undefined): void {
  if (status === 'InternalError')
    throw new PortError('unreachable', 'METRIC_UNREAD', 'CloudWatch could not read one of the metrics; ask again')
  if (status === 'Forbidden')
    throw new PortError(
      'denied',
      'METRIC_FORBIDDEN',
      'CloudWatch does not tell one of the metrics; see the permissions',
    )
}

const queryOf = ({ namespace, metric, dimension, statistic }: MetricOfMinutes, at: number): MetricDataQuery => ({
  Id: `m${at}`,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: metric,
      ...(dimension && { Dimensions: [{ Name: dimension[0], Value: dimension[1] }] }),
    },
    Period: 60,
    Stat: statistic,
  },
})

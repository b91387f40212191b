import { METRIC, METRIC_NAMESPACE } from './agreed-names'

/** As many values as one line may hold. */
const MOST_VALUES = 100

/**
 * Publishes one value of one of our metrics, or each of several of one moment so that a statistic weighs every one of them, by
 * a log line in CloudWatch's embedded metric format: it costs no call and needs no permission.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publish(metric: keyof typeof METRIC, value: number | readonly number[], at: Date): void {
  if (typeof value === 'object' && value.length > MOST_VALUES)
    throw new Error(`a line of metrics holds ${MOST_VALUES} values at most, got ${value.length}`)
  const name = METRIC[metric]
  const line = {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [[]], Metrics: [{ Name: name }] }],
    },
    [name]: value,
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** The same for a value that may not have been observed: then nothing is published, and the alarm decides about silence. */
export function publishWhereKnown(metric: keyof typeof METRIC, value: number | undefined, at: Date): void {
  if (value !== undefined) publish(metric, value, at)
}

import { METRIC, METRIC_NAMESPACE } from './agreed-names'

/**
 * Publishes one value of one of our metrics, by a log line in CloudWatch's embedded metric format: it costs no call and
 * needs no permission. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publish(metric: keyof typeof METRIC, value: number, at: Date): void {
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

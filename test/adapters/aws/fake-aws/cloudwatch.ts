import { json, type Answer, type Call, type Service } from './wire'

interface Statistics {
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
  readonly StartTime: number
  readonly EndTime: number
}

/** Free storage of instances, measured at moments in seconds since 1970. */
export class FakeCloudWatch implements Service {
  readonly freeStorage = new Map<string, { readonly at: number; readonly bytes: number }[]>()

  action = ({ headers }: Omit<Call, 'action'>) => `cloudwatch:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400): Answer => json({ __type: code, message: code }, status)

  answer({ action, body }: Call): Answer {
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
}

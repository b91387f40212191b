import { DescribeAlarmsCommand, type CloudWatchClient, type StateValue } from '@aws-sdk/client-cloudwatch'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { Attempts } from '../../core/detection/service-level'
import { newestBackupsLook } from '../../core/health/newest-backups-look'
import type { InstanceRef } from '../../core/ports/database'
import type {
  AlarmSeen,
  BackupsSeen,
  DatabaseSeen,
  FunctionSeen,
  HealthProbes,
  QueueSeen,
} from '../../core/ports/health-probes'
import type { WriteOnceStore } from '../../core/ports/write-once-store'
import { METRIC, METRIC_NAMESPACE } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'
import { askFunction } from './lambda-call'
import { metricMinutes, type MetricOfMinutes, type MinuteValue } from './metric-sums'
import { databaseHealth } from './wire'

/** What is looked at without any service of AWS. */
export type OutwardProbes = Pick<HealthProbes, 'page' | 'handshake' | 'name'>

export interface AwsHealthSettings {
  readonly region: string
  readonly outward: OutwardProbes
  /** Of the function's own region. */
  readonly cloudwatch: CloudWatchClient
  /** Of the region whose function asks the served API each minute. */
  readonly watching: CloudWatchClient
  readonly lambda: LambdaClient
  /** Function beside the databases of the region. */
  readonly besideDatabase: string
  readonly besideDeadlineMs: number
  readonly evidence: Pick<WriteOnceStore, 'get'>
  readonly alarmPrefix: string
  readonly attemptsMinutes: number
  readonly lookBackMinutes: number
  readonly now: () => Date
}

/** The health of the platform as one region of AWS shows it. */
export class AwsHealthProbes implements HealthProbes {
  readonly page: OutwardProbes['page']
  readonly handshake: OutwardProbes['handshake']
  readonly name: OutwardProbes['name']

  constructor(private readonly of: AwsHealthSettings) {
    const { outward } = of
    this.page = () => outward.page()
    this.handshake = (subject) => outward.handshake(subject)
    this.name = (served) => outward.name(served)
  }

  async attempts(): Promise<Attempts | undefined> {
    const served = { namespace: METRIC_NAMESPACE, metric: METRIC.apiAvailability }
    const [asked = [], percents = []] = await metricMinutes(
      this.of.watching,
      [
        { ...served, statistic: 'SampleCount' },
        { ...served, statistic: 'Sum' },
      ],
      { minutes: this.of.attemptsMinutes, now: this.of.now() },
    )
    const count = sum(asked)
    // Each attempt that was answered well counts a hundred.
    return count === 0 ? undefined : { asked: count, answered: Math.round(sum(percents) / 100) }
  }

  database(ref: InstanceRef): Promise<DatabaseSeen> {
    const { lambda, besideDatabase, besideDeadlineMs } = this.of
    return askFunction(lambda, besideDatabase, { instance: { ...ref } }, databaseHealth, besideDeadlineMs)
  }

  async functions(names: readonly string[]): Promise<Record<string, FunctionSeen>> {
    const wanted = ['Invocations', 'Errors', 'Throttles'] as const
    const values = await this.minutes(names.flatMap((name) => wanted.map((metric) => ofFunction(name, metric))))
    return Object.fromEntries(
      names.map((name, at) => {
        const [runs = [], errors = [], throttles = []] = values.slice(at * wanted.length)
        const last = lastSuccess(runs, errors)
        const seen: FunctionSeen = {
          runs: sum(runs),
          errors: sum(errors),
          throttles: sum(throttles),
          ...(last && { lastSuccessAt: last.toISOString() }),
        }
        return [name, seen]
      }),
    )
  }

  /**
   * A queue in which nothing has been and that nobody has asked for six hours publishes nothing, so that silence is emptiness.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
   */
  async queues(names: readonly string[]): Promise<Record<string, QueueSeen>> {
    const wanted = ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'] as const
    const values = await this.minutes(names.flatMap((name) => wanted.map((metric) => ofQueue(name, metric))))
    return Object.fromEntries(
      names.map((name, at) => {
        const [messages = [], seconds = []] = values.slice(at * wanted.length)
        return [name, { messages: newest(messages), oldestMinutes: Math.floor(newest(seconds) / 60) }]
      }),
    )
  }

  async alarms(): Promise<AlarmSeen[]> {
    const seen: AlarmSeen[] = []
    let NextToken: string | undefined
    do {
      const command = new DescribeAlarmsCommand({
        AlarmNamePrefix: this.of.alarmPrefix,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
        ...(NextToken !== undefined && { NextToken }),
      })
      const answer = await asking('reading the alarms', () => this.of.cloudwatch.send(command, within(CALL_MS)))
      for (const { AlarmName, StateValue } of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])])
        if (AlarmName !== undefined) seen.push({ name: AlarmName, state: stateOf(StateValue) })
      NextToken = answer.NextToken
    } while (NextToken !== undefined)
    return seen
  }

  backups(): Promise<BackupsSeen | undefined> {
    return newestBackupsLook(this.of.evidence, this.of.region)
  }

  private minutes(metrics: readonly MetricOfMinutes[]): Promise<MinuteValue[][]> {
    return metricMinutes(this.of.cloudwatch, metrics, { minutes: this.of.lookBackMinutes, now: this.of.now() })
  }
}

const ofFunction = (name: string, metric: string): MetricOfMinutes => ({
  namespace: 'AWS/Lambda',
  metric,
  dimension: ['FunctionName', name],
  statistic: 'Sum',
})

const ofQueue = (name: string, metric: string): MetricOfMinutes => ({
  namespace: 'AWS/SQS',
  metric,
  dimension: ['QueueName', name],
  statistic: 'Maximum',
})

const sum = (minutes: readonly MinuteValue[]): number => minutes.reduce((total, { value }) => total + value, 0)

const newest = (minutes: readonly MinuteValue[]): number =>
  minutes.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]?.value ?? 0

/** The end of the last minute in which more runs began than failed. */
function lastSuccess(runs: readonly MinuteValue[], errors: readonly MinuteValue[]): Date | undefined {
  const failed = new Map(errors.map(({ at, value }) => [at.getTime(), value]))
  const well = runs.filter(({ at, value }) => value > (failed.get(at.getTime()) ?? 0)).map(({ at }) => at.getTime())
  return well.length === 0 ? undefined : new Date(Math.max(...well))
}

function stateOf(state: StateValue | undefined): AlarmSeen['state'] {
  if (state === 'OK') return 'ok'
  return state === 'ALARM' ? 'alarm' : 'no-data'
}

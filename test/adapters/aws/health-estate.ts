import { S3Client } from '@aws-sdk/client-s3'
import { METRIC, METRIC_NAMESPACE } from '../../../adapters/aws/agreed-names'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import type { MemoryHealthProbes } from '../../../adapters/memory/health-probes'
import type { HealthPlace } from '../../../core/health/place'
import type { AlarmSeen } from '../../../core/ports/health-probes'
import { recordDailyLook } from '../../core/health/daily-look'
import type { FakeAws } from './fake-aws'
import { metricKey } from './fake-aws/cloudwatch'

const STATE = { ok: 'OK', alarm: 'ALARM', 'no-data': 'INSUFFICIENT_DATA' } as const satisfies Record<
  AlarmSeen['state'],
  string
>

/** The same platform in the stand-in of AWS; its pages, names and handshakes are none of AWS's. */
export async function fillHealth(
  aws: FakeAws,
  platform: MemoryHealthProbes,
  { region, own, functions, queues }: HealthPlace,
  now: Date,
): Promise<void> {
  const minutesAgo = (minutes: number) => now.getTime() / 1000 - minutes * 60
  const { samples, alarms } = aws.cloudwatch
  const measure = (key: string, at: number, values: readonly number[]) =>
    samples.set(key, [...(samples.get(key) ?? []), ...values.map((value) => ({ at, value }))])
  if (platform.asked) {
    const { asked, answered } = platform.asked
    const percents = Array.from({ length: asked }, (_, at) => (at < answered ? 100 : 0))
    measure(metricKey(METRIC_NAMESPACE, METRIC.apiAvailability), minutesAgo(2), percents)
  }
  for (const name of functions) {
    const seen = platform.runs.get(name)
    if (!seen) continue
    const of = (metric: string) => metricKey('AWS/Lambda', metric, name)
    // Runs that failed have a minute of their own, so that those that ended well are told by theirs.
    if (seen.errors > 0)
      for (const metric of ['Invocations', 'Errors']) measure(of(metric), minutesAgo(5), [seen.errors])
    if (seen.throttles > 0) measure(of('Throttles'), minutesAgo(5), [seen.throttles])
    if (seen.lastSuccessAt !== undefined && seen.runs > seen.errors)
      measure(of('Invocations'), Date.parse(seen.lastSuccessAt) / 1000, [seen.runs - seen.errors])
  }
  for (const name of queues) {
    const { messages = 0, oldestMinutes = 0 } = platform.waiting.get(name) ?? {}
    // An empty queue that nobody asks publishes nothing.
    if (messages === 0) continue
    measure(metricKey('AWS/SQS', 'ApproximateNumberOfMessagesVisible', name), minutesAgo(5), [messages])
    measure(metricKey('AWS/SQS', 'ApproximateAgeOfOldestMessage', name), minutesAgo(5), [oldestMinutes * 60])
  }
  for (const { name, state } of platform.ringing)
    alarms.set(name, { state: STATE[state], ...(name.endsWith('/region-lost') && { composite: true }) })
  aws.lambda.functions.set(`${region}/health-database`, (payload) => {
    const { instance } = (payload as { instance: { instance: string } }).instance
    return platform.databases.get(instance) ?? { reads: false, code: 'DATABASE_UNREACHABLE' }
  })
  if (platform.lookedAt) {
    const { outcome, finishedAt } = platform.lookedAt
    const store = new S3WriteOnceStore(new S3Client(clientSettings(region)), 'evidence')
    await recordDailyLook(store, region, outcome, new Date(finishedAt))
  }
  if (!platform.databases.has(own.instance)) throw new Error(`the platform has no '${own.instance}'`)
}

import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { METRIC, METRIC_NAMESPACE } from '../../../adapters/aws/agreed-names'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { AwsHealthProbes } from '../../../adapters/aws/health-probes'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import { startDnsServer } from '../../../adapters/local/dns-server'
import { seeHandshake } from '../../../adapters/net/handshake'
import { askName } from '../../../adapters/net/served-name'
import { askPage } from '../../../adapters/net/served-page'
import { isPortError, PortError } from '../../../core/ports/errors'
import { describeHealthProbes } from '../../contracts/health-probes'
import { recordDailyLook } from '../../core/health/daily-look'
import { startPage, startTls } from '../net/servers'
import { FakeAws, useFakeAws } from './fake-aws'
import { metricKey } from './fake-aws/cloudwatch'

const REGION = 'sa-east-1'
const NAME = 'db.neonpro.test'
const WRITER = { region: REGION, instance: 'clinic-g1' }
const REPLICA = { region: REGION, instance: 'clinic-g2' }
const TARGET = `${WRITER.instance}.x.${REGION}.rds.amazonaws.com`
const NOW = new Date()

const store = () => new S3WriteOnceStore(new S3Client(clientSettings(REGION)), 'evidence')
const probesOver = (outward: ConstructorParameters<typeof AwsHealthProbes>[0]['outward']) =>
  new AwsHealthProbes({
    region: REGION,
    outward,
    cloudwatch: new CloudWatchClient(clientSettings(REGION)),
    watching: new CloudWatchClient(clientSettings('eu-west-1')),
    lambda: new LambdaClient(clientSettings(REGION, { attempts: 1 })),
    besideDatabase: 'health-database',
    besideDeadlineMs: 5000,
    evidence: store(),
    alarmPrefix: 'neonpro-test/',
    attemptsMinutes: 5,
    lookBackMinutes: 15,
    now: () => NOW,
  })

const nothing = () => Promise.reject(new PortError('denied', 'NOT_ASKED', 'nobody asks'))
const NOWHERE = { page: nothing, handshake: nothing, name: nothing }

describeHealthProbes('AWS', async () => {
  const aws = new FakeAws()
  await aws.start()
  const [page, tls] = await Promise.all([startPage(), startTls(NAME, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' })])
  const dns = await startDnsServer({
    servedName: NAME,
    ttlSeconds: 60,
    endpoints: new Map(),
    target: async () => TARGET,
  })
  let isLost = false
  const heartbeatAt = NOW.toISOString()
  aws.lambda.functions.set(`${REGION}/health-database`, (payload) => {
    const { instance } = (payload as { instance: { instance: string } }).instance
    if (instance === REPLICA.instance) return { reads: true, replica: true, receives: 'up', heartbeatAt }
    return isLost
      ? { reads: false, code: 'DATABASE_DEADLINE' }
      : { reads: true, replica: false, writes: true, heartbeatAt }
  })
  aws.cloudwatch.samples.set(metricKey(METRIC_NAMESPACE, METRIC.apiAvailability), [
    { at: NOW.getTime() / 1000 - 60, value: 100 },
    { at: NOW.getTime() / 1000 - 120, value: 100 },
  ])
  return {
    probes: probesOver({
      page: () => askPage(page.url, 5000),
      name: (name) => askName(name, 5000, [`127.0.0.1:${dns.port}`]),
      handshake: async (name) => {
        if (name !== NAME) throw new PortError('unreachable', 'NO_HANDSHAKE', `nobody answers for '${name}'`)
        return seeHandshake({
          host: '127.0.0.1',
          port: tls.port,
          name,
          authority: tls.authority,
          speaks: 'tls',
          deadlineMs: 10_000,
        })
      },
    }),
    name: NAME,
    target: TARGET,
    subject: NAME,
    stranger: 'nobody.neonpro.test',
    writer: WRITER,
    replica: REPLICA,
    page: page.be,
    loseWriter: () => void (isLost = true),
    bringBackWriter: () => void (isLost = false),
    lookAtBackups: (outcome) => recordDailyLook(store(), REGION, outcome, new Date()),
    remove: async () => {
      await Promise.all([page.close(), tls.close(), dns.close(), aws.stop()])
    },
  }
})

describe('the health of what AWS measures', () => {
  const aws = useFakeAws()
  const measure = (metric: string, of: string, samples: readonly (readonly [minutesAgo: number, value: number])[]) =>
    aws.current.cloudwatch.samples.set(
      metricKey(metric === 'Visible' || metric === 'Age' ? 'AWS/SQS' : 'AWS/Lambda', SQS[metric] ?? metric, of),
      samples.map(([ago, value]) => ({ at: NOW.getTime() / 1000 - ago * 60, value })),
    )
  const SQS: Readonly<Record<string, string>> = {
    Visible: 'ApproximateNumberOfMessagesVisible',
    Age: 'ApproximateAgeOfOldestMessage',
  }

  it('counts the runs of functions, and tells when one last ended well', async () => {
    measure('Invocations', 'guard', [
      [3, 1],
      [5, 1],
      [30, 9],
    ])
    measure('Errors', 'guard', [[3, 1]])
    measure('Throttles', 'desk', [[4, 2]])
    const { guard, desk } = await probesOver(NOWHERE).functions(['guard', 'desk'])
    expect(guard).toEqual({ runs: 2, errors: 1, throttles: 0, lastSuccessAt: expect.any(String) })
    // The minute in which a run failed is none in which one ended well.
    const minutes = (NOW.getTime() - Date.parse(guard!.lastSuccessAt!)) / 60_000
    expect(minutes).toBeGreaterThanOrEqual(5)
    expect(minutes).toBeLessThan(6)
    expect(desk).toEqual({ runs: 0, errors: 0, throttles: 2 })
  })

  it('asks for no more metrics at once than CloudWatch takes', async () => {
    const names = Array.from({ length: 400 }, (_, at) => `fn-${at}`)
    measure('Invocations', 'fn-399', [[2, 7]])
    expect((await probesOver(NOWHERE).functions(names))['fn-399']).toMatchObject({ runs: 7 })
    const sizes = aws.current
      .callsOf('cloudwatch:GetMetricData')
      .map(({ body }) => (JSON.parse(body) as { MetricDataQueries: unknown[] }).MetricDataQueries.length)
    expect(sizes).toEqual([500, 500, 200])
  })

  it('takes a silent queue for an empty one, and the newest value of any other', async () => {
    measure('Visible', 'letters', [
      [2, 3],
      [9, 8],
    ])
    measure('Age', 'letters', [[2, 7200]])
    expect(await probesOver(NOWHERE).queues(['letters', 'quiet'])).toEqual({
      letters: { messages: 3, oldestMinutes: 120 },
      quiet: { messages: 0, oldestMinutes: 0 },
    })
  })

  it('reads alarms of both kinds to the last page, and no others', async () => {
    const { alarms } = aws.current.cloudwatch
    for (const name of ['a', 'b', 'c']) alarms.set(`neonpro-test/${name}`, { state: 'OK' })
    alarms.set('neonpro-test/lost', { state: 'ALARM', composite: true })
    alarms.set('neonpro-test/new', { state: 'INSUFFICIENT_DATA' })
    alarms.set('another/one', { state: 'ALARM' })
    const seen = await probesOver(NOWHERE).alarms()
    expect(seen.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual([
      'neonpro-test/a ok',
      'neonpro-test/b ok',
      'neonpro-test/c ok',
      'neonpro-test/lost alarm',
      'neonpro-test/new no-data',
    ])
    expect(aws.current.callsOf('cloudwatch:DescribeAlarms')).toHaveLength(3)
  })

  it('knows nothing where nobody has asked the service, or the function beside the database answers nonsense', async () => {
    expect(await probesOver(NOWHERE).attempts()).toBeUndefined()
    aws.current.lambda.functions.set(`${REGION}/health-database`, () => ({ reads: 'perhaps' }))
    const thrown = await probesOver(NOWHERE)
      .database(WRITER)
      .catch((error: unknown) => error)
    expect(isPortError(thrown) && thrown.code).toBe('ANSWER_UNREADABLE')
  })

  it.each([
    ['InternalError', 'unreachable'],
    ['Forbidden', 'denied'],
  ] as const)('takes a metric that CloudWatch does not tell for no silence: %s', async (said, failure) => {
    aws.current.cloudwatch.unread.set(metricKey('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'letters'), said)
    await expect(probesOver(NOWHERE).queues(['letters', 'quiet'])).rejects.toMatchObject({ failure })
  })

  it.each(['throttle', 'denied', 'reset'] as const)('passes on that CloudWatch refuses: %s', async (fault) => {
    aws.current.breaks('cloudwatch:GetMetricData', fault, 100)
    const thrown = await probesOver(NOWHERE)
      .functions(['guard'])
      .catch((error: unknown) => error)
    expect(isPortError(thrown) && thrown.failure).toBe(
      { throttle: 'throttled', denied: 'denied', reset: 'unreachable' }[fault],
    )
  })
})

import type { Template } from 'aws-cdk-lib/assertions'
import { SuccessionChecks, TrafficChecks, type ApiCheck } from '../../../lib/constructs/traffic-checks'
import { synthOne } from '../synth'

const pace = { requestIntervalSeconds: 10, consecutiveFailures: 3 } as const
const place = (name: string) => ({ place: name, host: `${name}.example`, path: '/traffic-in-recovery', ...pace })
const endpoint: ApiCheck = { mode: 'endpoint', object: { host: 'api.example', path: '/api/health', ...pace } }
const synth = (api: ApiCheck) =>
  synthOne((scope) => new TrafficChecks(scope, 'Checks', { switches: [place('recovery'), place('witness')], api }))

interface Check {
  readonly HealthCheckConfig: Readonly<Record<string, unknown>>
}
const configs = (template: Template) =>
  Object.entries(template.findResources('AWS::Route53::HealthCheck')).map(([id, { Properties }]) => ({
    id,
    ...(Properties as Check).HealthCheckConfig,
  })) as readonly Readonly<Record<string, unknown>>[]
const childrenOf = (template: Template, name: string) => {
  const calculated = configs(template).find(({ id }) => String(id).includes(name))
  const children = (calculated?.['ChildHealthChecks'] ?? []) as { 'Fn::GetAtt': [string] }[]
  const ids = children.map((child) => child['Fn::GetAtt'][0])
  expect(calculated).toMatchObject({ Type: 'CALCULATED', HealthThreshold: ids.length })
  return ids.map((id) => configs(template).find((check) => check['id'] === id)!)
}

test('the database is in service only while both inverted checks say so, and asks nothing else', () => {
  const children = childrenOf(synth(endpoint), 'DatabaseInService')
  expect(children.map((child) => [child['FullyQualifiedDomainName'], child['Inverted']])).toEqual([
    ['recovery.example', true],
    ['witness.example', true],
  ])
})

test.each(['recovery', 'witness'])('the switch of the %s region is read over TLS under its own name', (name) => {
  expect(configs(synth(endpoint))).toContainEqual(
    expect.objectContaining({
      Type: 'HTTPS',
      FullyQualifiedDomainName: `${name}.example`,
      ResourcePath: '/traffic-in-recovery',
      EnableSNI: true,
      RequestInterval: 10,
      FailureThreshold: 3,
    }),
  )
})

test('the API is in service while it is not switched and answers', () => {
  const children = childrenOf(synth(endpoint), 'ApiInService')
  expect(children.map((child) => child['FullyQualifiedDomainName'])).toEqual([
    'recovery.example',
    'witness.example',
    'api.example',
  ])
  expect(children.at(-1)).toMatchObject({ Type: 'HTTPS', ResourcePath: '/api/health' })
  expect(children.at(-1)).not.toHaveProperty('Inverted')
})

test.each(['LastKnownStatus', 'Healthy'] as const)(
  'an alarm without data leaves the API where it is: %s',
  (unknown) => {
    const alarm = { mode: 'alarm', alarmName: 'api-alarm', region: 'eu-west-1', whenUnknown: unknown } as const
    expect(childrenOf(synth(alarm), 'ApiInService').at(-1)).toMatchObject({
      Type: 'CLOUDWATCH_METRIC',
      AlarmIdentifier: { Name: 'api-alarm', Region: 'eu-west-1' },
      InsufficientDataHealthStatus: unknown,
    })
  },
)

test('no check of one name hangs on the calculated check of another', () => {
  for (const name of ['DatabaseInService', 'ApiInService'])
    expect(childrenOf(synth(endpoint), name).filter((child) => child['Type'] === 'CALCULATED')).toEqual([])
})

test('an API that only the switch may move is asked nothing', () => {
  const none = { mode: 'none', reason: 'the platform in front of it moves by itself' } as const
  expect(childrenOf(synth(none), 'ApiInService')).toHaveLength(2)
  expect(configs(synth(none)).map((check) => check['FullyQualifiedDomainName'])).not.toContain('api.example')
})

test('the database that stands in a region is in service there while not both places say that the next one is', () => {
  const template = synthOne(
    (scope) => new SuccessionChecks(scope, 'Checks', { switches: [place('recovery'), place('witness')] }),
  )
  const children = childrenOf(template, 'StandingInService')
  expect(children.map((child) => [child['FullyQualifiedDomainName'], child['Inverted']])).toEqual([
    ['recovery.example', true],
    ['witness.example', true],
  ])
})

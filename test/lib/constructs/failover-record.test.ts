import { Match } from 'aws-cdk-lib/assertions'
import { FailoverRecord, type FailoverRecordProps } from '../../../lib/constructs/failover-record'
import { synthOne } from '../synth'

const place = (name: string) =>
  ({
    place: name,
    host: `${name}.example`,
    key: 'traffic-in-recovery',
    requestIntervalSeconds: 10,
    consecutiveFailures: 3,
  }) as const
const synth = (side: FailoverRecordProps['side']) =>
  synthOne(
    (scope) =>
      new FailoverRecord(scope, 'Record', { hostedZoneId: 'Z1', name: 'db.x', target: 'y', ttlSeconds: 60, side }),
  )
const primary = () => synth({ kind: 'primary', switches: [place('recovery'), place('witness')] })

test('the primary side is in service only while both inverted checks say so', () => {
  primary().resourcePropertiesCountIs('AWS::Route53::HealthCheck', { HealthCheckConfig: { Inverted: true } }, 2)
  primary().hasResourceProperties('AWS::Route53::HealthCheck', {
    HealthCheckConfig: {
      Type: 'CALCULATED',
      HealthThreshold: 2,
      ChildHealthChecks: [Match.anyValue(), Match.anyValue()],
    },
  })
  primary().hasResourceProperties('AWS::Route53::RecordSet', {
    Failover: 'PRIMARY',
    SetIdentifier: 'primary',
    HealthCheckId: Match.anyValue(),
  })
})

test.each(['recovery', 'witness'])('the switch of the %s region is read over TLS under its own name', (name) => {
  primary().hasResourceProperties('AWS::Route53::HealthCheck', {
    HealthCheckConfig: {
      Type: 'HTTPS',
      FullyQualifiedDomainName: `${name}.example`,
      ResourcePath: '/traffic-in-recovery',
      EnableSNI: true,
      RequestInterval: 10,
      FailureThreshold: 3,
    },
  })
})

test('the secondary side carries no check', () => {
  const template = synth({ kind: 'secondary' })
  template.resourceCountIs('AWS::Route53::HealthCheck', 0)
  template.hasResourceProperties('AWS::Route53::RecordSet', { Failover: 'SECONDARY', HealthCheckId: Match.absent() })
})

test('the only side of a name is a plain record with the TTL that clients are promised', () => {
  const template = synth({ kind: 'only' })
  template.resourceCountIs('AWS::Route53::HealthCheck', 0)
  template.hasResourceProperties('AWS::Route53::RecordSet', {
    Name: 'db.x.',
    Type: 'CNAME',
    TTL: '60',
    ResourceRecords: ['y'],
    Failover: Match.absent(),
    SetIdentifier: Match.absent(),
  })
})

import { Match } from 'aws-cdk-lib/assertions'
import { FailoverRecord, type FailoverRecordProps, type RecordTarget } from '../../../lib/constructs/failover-record'
import { synthOne } from '../synth'

const HOST: RecordTarget = { kind: 'host', host: 'y', ttlSeconds: 60 }
const synth = (side: FailoverRecordProps['side'], target: RecordTarget = HOST) =>
  synthOne((scope) => new FailoverRecord(scope, 'Record', { hostedZoneId: 'Z1', name: 'db.x', target, side }))

test('the primary side is served while its check says so', () => {
  synth({ kind: 'primary', healthCheckId: 'check' }).hasResourceProperties('AWS::Route53::RecordSet', {
    Failover: 'PRIMARY',
    SetIdentifier: 'primary',
    HealthCheckId: 'check',
  })
})

test('the secondary side carries no check', () => {
  synth({ kind: 'secondary' }).hasResourceProperties('AWS::Route53::RecordSet', {
    Failover: 'SECONDARY',
    HealthCheckId: Match.absent(),
  })
})

test('the only side of a name is a plain record with the TTL that clients are promised', () => {
  synth({ kind: 'only' }).hasResourceProperties('AWS::Route53::RecordSet', {
    Name: 'db.x.',
    Type: 'CNAME',
    TTL: '60',
    ResourceRecords: ['y'],
    Failover: Match.absent(),
    SetIdentifier: Match.absent(),
  })
})

test('a side that leads to another name of the zone is answered with what that one is answered with', () => {
  synth({ kind: 'secondary' }, { kind: 'name', name: 'db-here.x' }).hasResourceProperties('AWS::Route53::RecordSet', {
    Type: 'CNAME',
    AliasTarget: { DNSName: 'db-here.x.', HostedZoneId: 'Z1', EvaluateTargetHealth: false },
    TTL: Match.absent(),
    ResourceRecords: Match.absent(),
  })
})

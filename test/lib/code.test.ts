import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const policy = resolvePolicy('production')
const stacks = synthesize(policy).filter(({ name }) => name.includes('-code-'))
const propertiesOf = (type: string) => resourcesOf(stacks, type).map(({ Properties }) => Properties ?? {})

test('each data region has a locked bucket of its own, and neither copies to the other', () => {
  const buckets = propertiesOf('AWS::S3::Bucket')
  expect(buckets).toHaveLength(2)
  for (const bucket of buckets) {
    expect(bucket).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 731 } } },
    })
    expect(bucket).not.toHaveProperty('ReplicationConfiguration')
  }
})

test('whoever publishes can add and sign, and neither read nor delete', () => {
  const publishers = propertiesOf('AWS::IAM::ManagedPolicy').filter((p) =>
    String(p['ManagedPolicyName']).includes('code-publisher'),
  )
  expect(publishers).toHaveLength(2)
  for (const { PolicyDocument } of publishers) {
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[] }[] }
    expect(Statement.flatMap(({ Action }) => Action)).toEqual(['s3:PutObject', 'kms:Sign', 'kms:GenerateDataKey'])
  }
})

test('the check runs as often as the policy says, and silence of it rings', () => {
  for (const { ScheduleExpression } of propertiesOf('AWS::Scheduler::Schedule'))
    expect(ScheduleExpression).toBe('rate(60 minutes)')
  const alarms = resourcesOf(synthesize(policy), 'AWS::CloudWatch::Alarm').filter(({ Properties }) =>
    String(Properties?.['AlarmName']).includes('code-unsound'),
  )
  expect(alarms).toHaveLength(2)
  for (const { Properties } of alarms)
    expect(Properties).toMatchObject({
      Namespace: 'Recovery',
      MetricName: 'CodeFindings',
      Threshold: 0,
      Period: 3600,
      EvaluationPeriods: 2,
      TreatMissingData: 'breaching',
    })
})

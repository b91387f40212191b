import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const policy = resolvePolicy('production')
const names = new Names(policy)
const stacks = synthesize(policy)
const inStack = (role: 'primary' | 'recovery') =>
  stacks.filter(({ name }) => name === names.stack('verification', role))

describe.each(['primary', 'recovery'] as const)('the daily checks of the %s region', (role) => {
  it('start at the pace of the policy', () => {
    const [schedule, ...others] = resourcesOf(inStack(role), 'AWS::Scheduler::Schedule')
    expect(others).toEqual([])
    expect(schedule?.Properties).toMatchObject({
      Name: names.function('daily-verification'),
      ScheduleExpression: `rate(${policy.verification.daily.everyMinutes} minutes)`,
    })
  })

  it('may decrypt under no key of the other region, and change nothing but the evidence', () => {
    const [role_] = resourcesOf(inStack(role), 'AWS::IAM::ManagedPolicy').filter(({ Properties }) =>
      JSON.stringify(Properties).includes('backup:ListRecoveryPointsByBackupVault'),
    )
    const { Statement: statements } = role_!.Properties!['PolicyDocument'] as {
      Statement: { Action: string | string[]; Resource: unknown }[]
    }
    const granting = (action: string) =>
      statements
        .filter(({ Action }) => [Action].flat().includes(action))
        .map(({ Resource }) => JSON.stringify(Resource))
    const other = names.region(role === 'primary' ? 'recovery' : 'primary')
    expect(granting('kms:Decrypt').filter((resource) => resource.includes(other))).toEqual([])
    expect(granting('s3:PutObject').filter((resource) => !resource.includes(names.bucket('evidence', role)))).toEqual(
      [],
    )
    const changing = statements
      .flatMap(({ Action }) => Action)
      .filter((action) => /:(Delete|Update|Create|Modify|Start|Put(?!Object|LogEvents|Trace|Telemetry))/.test(action))
    expect(changing.filter((action) => action !== 'logs:CreateLogStream')).toEqual([])
  })

  it('ring where something is wrong, and where nothing is said', () => {
    const [alarm] = resourcesOf(
      stacks.filter(({ name }) => name === names.stack('operations', role)),
      'AWS::CloudWatch::Alarm',
    ).filter(({ Properties }) => Properties?.['MetricName'] === 'DailyFindings')
    expect(alarm?.Properties).toMatchObject({
      AlarmName: names.alarm('daily-verification'),
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
      Period: policy.verification.daily.everyMinutes * 60,
    })
  })
})

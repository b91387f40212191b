import { withRecoveryRegion } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const policy = resolvePolicy('production')
const names = new Names(policy)
const stacks = synthesize(policy)
const inStack = (role: 'primary' | 'recovery') =>
  stacks.filter(({ name }) => name === names.stack('verification', role))

describe.each(['primary', 'recovery'] as const)('the daily checks of the %s region', (role) => {
  it('start at the pace of the policy, and so does the validation of the controls', () => {
    const schedules = resourcesOf(inStack(role), 'AWS::Scheduler::Schedule')
      .map(({ Properties }) => Properties)
      .filter((properties) => properties?.['Name'] !== names.function('replica-comparison'))
    expect(schedules).toMatchObject(
      ['daily-verification', 'compliance-validation'].map((name) => ({
        Name: names.function(name),
        ScheduleExpression: `rate(${policy.verification.daily.everyMinutes} minutes)`,
      })),
    )
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

describe.each(['primary', 'recovery'] as const)('the validation of controls in the %s region', (role) => {
  const [policyOfRole] = resourcesOf(inStack(role), 'AWS::IAM::ManagedPolicy').filter(({ Properties }) =>
    JSON.stringify(Properties).includes('cloudformation:GetTemplate'),
  )
  const statements = (
    policyOfRole!.Properties!['PolicyDocument'] as { Statement: { Action: string | string[]; Resource: unknown }[] }
  ).Statement

  it('reads its own region alone, and in the recovery region the templates of the witness, and writes into its own evidence alone', () => {
    const others = names.roles.filter((other) => other !== role).map((other) => names.region(other))
    const abroad = statements.flatMap(({ Action, Resource }) =>
      [Resource]
        .flat()
        .filter((resource) => others.some((region) => JSON.stringify(resource).includes(region)))
        .map((resource) => [Action, resource]),
    )
    expect(abroad).toEqual(role === 'recovery' ? [['cloudformation:GetTemplate', names.stacksArn('witness')]] : [])
    const writing = statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
    expect(writing.map(({ Resource }) => JSON.stringify(Resource))).toEqual([
      expect.stringContaining(names.bucket('evidence', role)),
    ])
  })

  it('is over within the half hour of the procedure', () => {
    const [found] = resourcesOf(inStack(role), 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties?.['FunctionName'] === names.function('compliance-validation'),
    )
    const { Timeout: seconds } = found!.Properties as { Timeout: number }
    expect(seconds).toBeLessThanOrEqual(policy.objectives.rto.complianceValidationMinutes * 60)
  })
})

it('what a region was deployed with is copied to the next region, as its records are', () => {
  const [bucket] = resourcesOf(
    stacks.filter(({ name }) => name === names.stack('evidence', 'primary')),
    'AWS::S3::Bucket',
  ).filter(({ Properties }) => Properties?.['BucketName'] === names.bucket('evidence', 'primary'))
  expect(JSON.stringify(bucket?.Properties?.['ReplicationConfiguration'])).toContain(
    `posture/${names.region('primary')}/`,
  )
})

describe('the comparison of the replica', () => {
  const named = (role: 'primary' | 'recovery', type: string, tree = stacks) =>
    resourcesOf(
      tree.filter(({ name }) => name === names.stack('verification', role)),
      type,
    ).filter(({ Properties }) => JSON.stringify(Properties).includes('replica-comparison'))

  it('is started where the replica stands, at the pace of the policy, and bounded in its parts and its time', () => {
    const [schedule] = named('recovery', 'AWS::Scheduler::Schedule')
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: `rate(${policy.verification.replica.everyMinutes} minutes)`,
      Target: { Input: '{}' },
    })
    const [machine] = named('recovery', 'AWS::StepFunctions::StateMachine')
    const definition = JSON.stringify(machine?.Properties?.['DefinitionString']).replaceAll('\\', '')
    expect(definition).toContain(`"MaxConcurrency":${policy.verification.replica.atOnce}`)
    expect(definition).toContain(`"TimeoutSeconds":${policy.verification.replica.timeoutMinutes * 60}`)
    expect(named('primary', 'AWS::StepFunctions::StateMachine')).toEqual([])
    expect(named('primary', 'AWS::Lambda::Function')).toEqual([])
  })

  it('asks the functions beside both databases and no database itself', () => {
    const [role] = named('recovery', 'AWS::IAM::ManagedPolicy').filter(({ Properties }) =>
      JSON.stringify(Properties).includes(names.functionArn('primary', 'content-reader')),
    )
    const text = JSON.stringify(role?.Properties)
    expect(text).toContain(names.functionArn('recovery', 'content-reader'))
    expect(text).not.toMatch(/"rds(-db)?:|"ec2:|"dynamodb:(Delete|Update)/)
    const [fn] = named('recovery', 'AWS::Lambda::Function')
    expect(fn?.Properties).not.toHaveProperty('VpcConfig')
  })

  it('is missed by an alarm', () => {
    const [alarm] = resourcesOf(stacks, 'AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties?.['AlarmName'] === names.alarm('replica-not-compared'),
    )
    expect(alarm?.Properties).toMatchObject({
      MetricName: 'ReplicaComparisons',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      Period: policy.verification.replica.everyMinutes * 60,
      EvaluationPeriods: 2,
    })
  })

  it('stays while the other region serves, and is missed by nobody: then nothing here follows what is declared', () => {
    const swapped = synthesize({ ...policy, topology: { ...withRecoveryRegion(policy).topology, active: 'recovery' } })
    expect(named('recovery', 'AWS::StepFunctions::StateMachine', swapped)).toHaveLength(1)
    const missed = (tree: typeof stacks) =>
      resourcesOf(tree, 'AWS::CloudWatch::Alarm').filter(
        ({ Properties }) => Properties?.['AlarmName'] === names.alarm('replica-not-compared'),
      )
    expect([missed(stacks), missed(swapped)]).toMatchObject([{ length: 1 }, { length: 0 }])
  })
})

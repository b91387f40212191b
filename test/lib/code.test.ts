import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'
import type { Policy } from '../../core/policy'

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

describe('the role that CI takes', () => {
  const github = { mode: 'github' as const, repository: 'clinic/recovery', releaseBranch: 'main' }
  const tree = (publisher: Policy['code']['publisher']) =>
    synthesize({ ...policy, code: { ...policy.code, publisher } }).filter(({ name }) => name.includes('-code-'))
  const roleIn = (stacksOfCode: ReturnType<typeof tree>) =>
    resourcesOf(stacksOfCode, 'AWS::IAM::Role').filter(({ Properties }) =>
      String(Properties?.['RoleName']).includes('code-publisher-ci'),
    )

  test('is not there while no repository is named', () => expect(roleIn(stacks)).toEqual([]))

  test('is taken by the release branch and release tags of the one repository, by nobody else', () => {
    const [role, ...more] = roleIn(tree({ ...github, provider: 'create' }))
    expect(more).toEqual([])
    expect(role?.Properties?.['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
            StringLike: {
              'token.actions.githubusercontent.com:sub': [
                'repo:clinic/recovery:ref:refs/heads/main',
                'repo:clinic/recovery:ref:refs/tags/v*',
              ],
            },
          },
        },
      ],
    })
  })

  test('can add and sign in each data region, and neither read nor delete', () => {
    const granted = resourcesOf(tree({ ...github, provider: 'existing' }), 'AWS::IAM::ManagedPolicy').filter(
      ({ Properties }) => String(Properties?.['ManagedPolicyName']).includes('code-publisher-ci'),
    )
    expect(granted).toHaveLength(1)
    const { Statement } = granted[0]!.Properties!['PolicyDocument'] as {
      Statement: { Action: string; Condition?: unknown }[]
    }
    expect(new Set(Statement.map(({ Action }) => Action))).toEqual(
      new Set(['s3:PutObject', 'kms:GenerateDataKey', 'kms:Sign']),
    )
    for (const { Action, Condition } of Statement) if (Action.startsWith('kms:')) expect(Condition).toBeDefined()
    expect(JSON.stringify(Statement)).toContain('sa-east-1')
  })

  test('makes the provider of identities only where the account has none', () => {
    const providers = (provider: 'create' | 'existing') =>
      resourcesOf(tree({ ...github, provider }), 'AWS::IAM::OIDCProvider').length
    expect([providers('create'), providers('existing')]).toEqual([1, 0])
  })
})

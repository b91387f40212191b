import { ofResource, weakenings } from '../../../core/posture/diff'
import { UNASKED } from '../../../core/posture/mutants'
import type { Assembly, Resource } from '../../../core/posture/assembly'
import { PROTECTIONS } from '../../../core/posture/protections'
import { valuesAt } from '../../../core/posture/values-at'
import type { Json } from '../../../core/json'
import { resolvePolicy } from '../../../policy'
import { synthesize } from '../../lib/synth'

/** Not a structured clone: that would belong to another realm. */
const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

type Properties = { readonly [name: string]: Json }

const assembly = (Type: string, Properties: Properties): Assembly => ({
  stacks: [{ stack: 'database', region: 'sa-east-1', resources: { Thing: { Type, Properties } } }],
})
const between = (type: string, before: Properties, after: Properties) =>
  weakenings(assembly(type, before), assembly(type, after)).map(({ term, path }) => `${term}: ${path}`)

const PATTERN = {
  detail: {
    state: ['COMPLETED'],
    role: [{ 'anything-but': ['a'] }],
    $or: [{ source: ['iam'], eventName: ['Attach', 'Detach'] }],
  },
}

describe('a weakening', () => {
  it.each<[string, string, Properties, Properties, string]>([
    [
      'fewer days',
      'AWS::RDS::DBInstance',
      { BackupRetentionPeriod: 35 },
      { BackupRetentionPeriod: 34 },
      'retention: BackupRetentionPeriod',
    ],
    [
      'no days said any more',
      'AWS::RDS::DBInstance',
      { BackupRetentionPeriod: 35 },
      {},
      'retention: BackupRetentionPeriod',
    ],
    [
      'a protection switched off',
      'AWS::RDS::DBInstance',
      { DeletionProtection: true },
      { DeletionProtection: false },
      'retention: DeletionProtection',
    ],
    [
      'an opening switched on',
      'AWS::RDS::DBInstance',
      { PubliclyAccessible: false },
      { PubliclyAccessible: true },
      'access: PubliclyAccessible',
    ],
    ['an opening left to AWS', 'AWS::RDS::DBInstance', { PubliclyAccessible: false }, {}, 'access: PubliclyAccessible'],
    [
      'backups whose deletion is left to AWS',
      'AWS::RDS::DBInstance',
      { DeleteAutomatedBackups: false },
      {},
      'retention: DeleteAutomatedBackups',
    ],
    [
      'an instance that nobody looks at any more',
      'AWS::RDS::DBInstance',
      { MonitoringInterval: 60 },
      { MonitoringInterval: 0 },
      'alarm: MonitoringInterval',
    ],
    ['another key', 'AWS::RDS::DBInstance', { KmsKeyId: 'a' }, { KmsKeyId: 'b' }, 'encryption: KmsKeyId'],
    [
      'a parameter whose name holds a dot',
      'AWS::RDS::DBParameterGroup',
      { Parameters: { 'rds.force_ssl': '1' } },
      { Parameters: { 'rds.force_ssl': '0' } },
      'encryption: Parameters.rds.force_ssl',
    ],
    [
      'a slower alarm',
      'AWS::CloudWatch::Alarm',
      { EvaluationPeriods: 2 },
      { EvaluationPeriods: 3 },
      'alarm: EvaluationPeriods',
    ],
    ['a default given up', 'AWS::KMS::Key', {}, { PendingWindowInDays: 7 }, 'encryption: PendingWindowInDays'],
    ['an alarm that tells nobody', 'AWS::CloudWatch::Alarm', {}, { ActionsEnabled: false }, 'alarm: ActionsEnabled'],
    [
      'a grant more',
      'AWS::KMS::Key',
      { KeyPolicy: { Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }] } },
      { KeyPolicy: { Statement: [{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:Encrypt'], Resource: '*' }] } },
      'access: KeyPolicy',
    ],
    [
      'a grant of everything but something',
      'AWS::KMS::Key',
      { KeyPolicy: { Statement: [] } },
      { KeyPolicy: { Statement: [{ Effect: 'Allow', NotAction: 'kms:Decrypt', Resource: '*' }] } },
      'access: KeyPolicy',
    ],
    [
      'an end of files that were kept for ever',
      'AWS::S3::Bucket',
      {},
      { LifecycleConfiguration: { Rules: [{ Id: 'end', ExpirationInDays: 9999 }] } },
      'retention: LifecycleConfiguration.Rules.[end].ExpirationInDays',
    ],
    [
      'an earlier end of logs',
      'AWS::Logs::LogGroup',
      { RetentionInDays: 365 },
      { RetentionInDays: 364 },
      'retention: RetentionInDays',
    ],
    [
      'a denial less',
      'AWS::S3::BucketPolicy',
      { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' }] } },
      { PolicyDocument: { Statement: [] } },
      'access: PolicyDocument',
    ],
    [
      'a way in more',
      'AWS::EC2::SecurityGroup',
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }] },
      { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16' }, { CidrIp: '0.0.0.0/0' }] },
      'access: SecurityGroupIngress',
    ],
    ...(
      [
        ['a call', { detail: { ...PATTERN.detail, $or: [{ source: ['iam'], eventName: ['Attach'] }] } }],
        ['an alternative', { detail: { ...PATTERN.detail, $or: [] } }],
        ['whoever is passed over now', { detail: { ...PATTERN.detail, role: [{ 'anything-but': ['a', 'b'] }] } }],
        ['what fits one more condition only', { detail: { ...PATTERN.detail, region: ['sa-east-1'] } }],
        ['one state alone', { detail: { ...PATTERN.detail, state: ['COMPLETED', 'FAILED'] } }],
        ['everything', undefined],
      ] as const
    ).map(([what, EventPattern]): [string, string, Properties, Properties, string] => [
      `a rule that no longer notices ${what}`,
      'AWS::Events::Rule',
      { EventPattern: PATTERN },
      EventPattern === undefined ? {} : { EventPattern },
      'alarm: EventPattern',
    ]),
    [
      'a threshold that is reached later',
      'AWS::CloudWatch::Alarm',
      { ComparisonOperator: 'LessThanThreshold', Threshold: 20 },
      { ComparisonOperator: 'LessThanThreshold', Threshold: 10 },
      'alarm: Threshold',
    ],
    [
      'a check that pauses longer over the weekend',
      'AWS::Scheduler::Schedule',
      { ScheduleExpression: 'rate(1 day)' },
      { ScheduleExpression: 'cron(0 8 ? * MON-FRI *)' },
      'test frequency: ScheduleExpression',
    ],
    [
      'a condition of a grant taken away',
      'AWS::IAM::Role',
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Condition: { Bool: { mfa: 'true' } } }],
        },
      },
      { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] } },
      'access: AssumeRolePolicyDocument',
    ],
    [
      'a key that its user may no longer use',
      'AWS::KMS::Key',
      { KeyPolicy: { Statement: [{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:Encrypt'], Resource: '*' }] } },
      { KeyPolicy: { Statement: [{ Effect: 'Allow', Action: 'kms:Encrypt', Resource: '*' }] } },
      'access: KeyPolicy',
    ],
    [
      'a group whose rules are gone, so that AWS lets everything out',
      'AWS::EC2::SecurityGroup',
      { SecurityGroupEgress: [{ CidrIp: '10.0.0.0/16' }] },
      { SecurityGroupEgress: [] },
      'access: SecurityGroupEgress',
    ],
    [
      'one of two entries of the same name',
      'AWS::S3::Bucket',
      {
        LifecycleConfiguration: {
          Rules: [
            { Id: 'end', ExpirationInDays: 10 },
            { Id: 'end', ExpirationInDays: 90 },
          ],
        },
      },
      {
        LifecycleConfiguration: {
          Rules: [
            { Id: 'end', ExpirationInDays: 1 },
            { Id: 'end', ExpirationInDays: 90 },
          ],
        },
      },
      'retention: LifecycleConfiguration.Rules.[end].ExpirationInDays',
    ],
    [
      'a tag by which plans select',
      'AWS::S3::Bucket',
      { Tags: [{ Key: 'backup', Value: 'yes' }] },
      { Tags: [{ Key: 'backup', Value: 'no' }] },
      'objective: Tags.[backup].Value',
    ],
    ['what no row speaks of', 'AWS::RDS::DBInstance', { Port: '5432' }, { Port: '5433' }, 'objective: Port'],
    [
      'a value where nobody looked',
      'AWS::Scheduler::Schedule',
      {},
      { EndDate: '2020-01-01' },
      'test frequency: EndDate',
    ],
    ['a type that nobody knows', 'AWS::New::Thing', { Safe: true }, {}, 'objective: Safe'],
  ])('is %s', (_, type, before, after, expected) => {
    expect(between(type, before, after)).toEqual([expected])
    expect(between(type, before, before)).toEqual([])
  })

  it.each<[string, string, Properties, Properties]>([
    ['more days', 'AWS::RDS::DBInstance', { BackupRetentionPeriod: 30 }, { BackupRetentionPeriod: 35 }],
    ['a key where there was none', 'AWS::SNS::Topic', {}, { KmsMasterKeyId: 'a' }],
    [
      'a grant less',
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] } },
      { AssumeRolePolicyDocument: { Statement: [] } },
    ],
    [
      'a change of nothing but an end that is taken away',
      'AWS::S3::Bucket',
      { LifecycleConfiguration: { Rules: [{ Id: 'end', ExpirationInDays: 30 }] } },
      { LifecycleConfiguration: { Rules: [{ Id: 'end' }] } },
    ],
    ['a tag of a topic', 'AWS::SNS::Topic', { Tags: [{ Key: 'a', Value: 'b' }] }, {}],
    ['other words for people', 'AWS::SNS::Topic', { Description: 'a' }, { Description: 'b' }],
    [
      'a rule that notices more calls',
      'AWS::Events::Rule',
      { EventPattern: PATTERN },
      {
        EventPattern: {
          detail: {
            ...PATTERN.detail,
            $or: [{ source: ['iam'], eventName: ['Attach', 'Delete', 'Detach'] }],
          },
        },
      },
    ],
    [
      'a threshold that is reached sooner',
      'AWS::CloudWatch::Alarm',
      { ComparisonOperator: 'GreaterThanThreshold', Threshold: 300 },
      { ComparisonOperator: 'GreaterThanThreshold', Threshold: 60 },
    ],
    [
      'a check that runs more often',
      'AWS::Scheduler::Schedule',
      { ScheduleExpression: 'rate(7 days)' },
      { ScheduleExpression: 'cron(0 8 * * ? *)' },
    ],
    ['somebody more who is told', 'AWS::CloudWatch::Alarm', { AlarmActions: ['a'] }, { AlarmActions: ['a', 'b'] }],
    [
      'a grant that is narrower',
      'AWS::IAM::ManagedPolicy',
      { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['a:A', 'a:B'], Resource: ['x', 'y'] }] } },
      {
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'a:A', Resource: 'x', Condition: { Bool: { secure: true } } }],
        },
      },
    ],
    [
      'a denial that is wider',
      'AWS::S3::BucketPolicy',
      { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'a:A', Resource: 'x' }] } },
      { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: ['a:A', 'a:B'], Resource: ['x', 'y'] }] } },
    ],
    [
      'a rule of a plan more',
      'AWS::Backup::BackupPlan',
      { BackupPlan: { BackupPlanRule: [{ RuleName: 'daily', TargetBackupVault: 'a' }] } },
      {
        BackupPlan: {
          BackupPlanRule: [
            { RuleName: 'weekly', TargetBackupVault: 'b' },
            { RuleName: 'daily', TargetBackupVault: 'a' },
          ],
        },
      },
    ],
  ])('is not %s', (_, type, before, after) => expect(between(type, before, after)).toEqual([]))

  it('is a resource that is gone, or has become something else', () => {
    const before = assembly('AWS::Backup::BackupVault', {})
    const gone = { ...before, stacks: [{ ...before.stacks[0]!, resources: {} }] }
    expect(weakenings(before, gone)).toMatchObject([{ term: 'existence', subject: 'database/Thing' }])
    expect(weakenings(before, { stacks: [] })).toMatchObject([{ term: 'existence' }])
    expect(weakenings(before, assembly('AWS::SNS::Topic', {}))).toMatchObject([{ term: 'existence' }])
  })

  it('is a rule of a plan by its name, wherever it stands in the list', () => {
    const rules = (...list: readonly [string, number][]) => ({
      BackupPlan: {
        BackupPlanRule: list.map(([RuleName, DeleteAfterDays]) => ({ RuleName, Lifecycle: { DeleteAfterDays } })),
      },
    })
    const type = 'AWS::Backup::BackupPlan'
    expect(between(type, rules(['daily', 90], ['weekly', 365]), rules(['weekly', 365], ['daily', 90]))).toEqual([])
    expect(between(type, rules(['daily', 90], ['weekly', 365]), rules(['weekly', 90], ['daily', 365]))).toEqual([
      'retention: BackupPlan.BackupPlanRule.[weekly].Lifecycle.DeleteAfterDays',
    ])
  })

  it.each([
    ['the condition under which it exists', { Condition: 'Never' }, 'existence: Condition'],
    ['what stays of it', { DeletionPolicy: 'Delete' }, 'retention: DeletionPolicy'],
    ['what stays when it is replaced', { UpdateReplacePolicy: 'Snapshot' }, 'retention: UpdateReplacePolicy'],
  ])('is a change of %s', (_, change, expected) => {
    const before = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }
    const found = ofResource('data/Thing', before, { ...before, ...change })
    expect(found.map(({ term, path }) => `${term}: ${path}`)).toEqual([expected])
    expect(ofResource('data/Thing', before, { ...before })).toEqual([])
  })

  it.each([
    ['moved to another region', { region: 'us-east-1' }, 'region'],
    ['open to deletion', { terminationProtection: false }, 'terminationProtection'],
    ['under other conditions', { sections: { Conditions: { Never: false } } }, 'Conditions.Never'],
    ['transformed', { sections: { Transform: 'Another' } }, 'Transform'],
  ])('is a stack that is %s', (_, change, path) => {
    const stack = { stack: 'data', region: 'sa-east-1', terminationProtection: true, resources: {} }
    const found = weakenings({ stacks: [stack] }, { stacks: [{ ...stack, ...change }] })
    expect(found.map((one) => [one.subject, one.path])).toEqual([['data', path]])
    expect(weakenings({ stacks: [stack] }, { stacks: [{ ...stack }] })).toEqual([])
  })

  it.each(Object.entries(UNASKED))('is %s, in a resource that was not there', (_, resource) => {
    const found = ofResource('data/New', undefined, resource)
    expect(found.map(({ term, before }) => ({ term, before }))).toContainEqual({ term: 'access', before: null })
  })

  it.each<[string, Resource]>([
    [
      'a role of a function that writes its log',
      {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
          },
        },
      },
    ],
    [
      'a call by a rule of the same stack',
      {
        Type: 'AWS::Lambda::Permission',
        Properties: { Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': ['Rule', 'Arn'] } },
      },
    ],
    ['an alarm', { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 1 } }],
  ])('is not %s that is new', (_, resource) => expect(ofResource('data/New', undefined, resource)).toEqual([]))

  it('is a policy that is there no more', () => {
    expect(weakenings({ stacks: [], policy: {} }, { stacks: [] })).toMatchObject([{ subject: 'policy', path: '*' }])
  })

  it('is a promise of the policy that is given up', () => {
    const policy = (patientMinutes: number) => ({ stacks: [], policy: { objectives: { rpo: { patientMinutes } } } })
    expect(weakenings(policy(5), policy(6))).toMatchObject([
      { term: 'objective', subject: 'policy', before: 5, after: 6 },
    ])
    expect(weakenings(policy(5), policy(4))).toEqual([])
  })

  it.each([
    ['asks nobody any more', 'approval', 'automatic'],
    ['waits for people', 'automatic', 'approval'],
  ])('is a failover that %s', (_, before, after) => {
    const policy = (operation: string) => ({ stacks: [], policy: { failover: { operation } } })
    expect(weakenings(policy(before), policy(after))).toMatchObject([{ term: 'access', before, after }])
  })
})

describe('the production stacks', () => {
  // As text and back, as an assembly is read from its folder.
  const stacks = synthesize().map(({ name, region, template }) => ({
    stack: name,
    region,
    resources: JSON.parse(JSON.stringify(template.Resources)) as Assembly['stacks'][number]['resources'],
  }))
  const policy = JSON.parse(JSON.stringify(resolvePolicy('production'))) as Json
  const whole: Assembly = { stacks, policy }

  it('weaken by nothing against themselves', () => expect(weakenings(whole, copyOf(whole))).toEqual([]))

  it('hold every row of the register but those that nothing deployed has', () => {
    const unused = PROTECTIONS.filter(
      ({ type, path, whenAbsent }) =>
        whenAbsent === undefined &&
        !stacks.some(({ resources }) =>
          Object.values(resources).some((r) => r.Type === type && valuesAt(r.Properties, path).length > 0),
        ),
    )
    expect(unused.map(({ type, path }) => `${type} ${path}`)).toEqual([
      // The preset us-east-2, and locks that nobody may lift.
      'AWS::RDS::DBInstance AutomaticBackupReplicationRegion',
      'AWS::RDS::DBInstance AutomaticBackupReplicationRetentionPeriod',
      'AWS::Backup::BackupVault LockConfiguration.ChangeableForDays',
      // Nothing of ours ends on a day, or by the older way to say it.
      'AWS::S3::Bucket LifecycleConfiguration.Rules.*.NoncurrentVersionExpirationInDays',
      'AWS::S3::Bucket LifecycleConfiguration.Rules.*.ExpirationDate',
      // Ours are resources of their own, and roles have no rights beside managed policies.
      'AWS::EC2::SecurityGroup SecurityGroupIngress',
      'AWS::IAM::Policy PolicyDocument',
      'AWS::IAM::Role Policies.*.PolicyDocument',
      'AWS::IAM::Role PermissionsBoundary',
      'AWS::Events::EventBusPolicy Statement',
      // What nobody has said yet; it would order what is said.
      'AWS::CloudWatch::Alarm OKActions',
      'AWS::CloudWatch::Alarm InsufficientDataActions',
      'AWS::CloudWatch::Alarm DatapointsToAlarm',
      'AWS::Scheduler::Schedule EndDate',
      'AWS::SNS::Subscription FilterPolicy',
    ])
  })
})

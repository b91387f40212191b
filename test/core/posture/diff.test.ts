import { weakenings } from '../../../core/posture/diff'
import type { Assembly } from '../../../core/posture/assembly'
import { judge, changeRecordSchema } from '../../../core/posture/change-record'
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
    ['another name', 'AWS::SNS::Topic', { TopicName: 'a' }, { TopicName: 'b' }],
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

  it('is a promise of the policy that is given up', () => {
    const policy = (patientMinutes: number) => ({ stacks: [], policy: { objectives: { rpo: { patientMinutes } } } })
    expect(weakenings(policy(5), policy(6))).toMatchObject([
      { term: 'objective', subject: 'policy', before: 5, after: 6 },
    ])
    expect(weakenings(policy(5), policy(4))).toEqual([])
  })
})

describe('a change record', () => {
  const [weakening] = weakenings(
    assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod: 35 }),
    assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod: 14 }),
  )
  const { subject, path, before, after } = weakening!
  const approval = (role: string) => ({ role, approvedOn: '2026-11-20', reference: 'minutes 12' })
  const record = {
    id: 'change-12',
    owner: 'DevOps Lead',
    reason: 'the instance is rebuilt, and its history is held elsewhere meanwhile',
    approvals: [approval('Compliance Officer'), approval('Medical Director')],
    expires: '2026-12-01',
    weakenings: [{ subject, path, before, after }],
  }
  const coveredBy = (change: object, today = '2026-12-01') =>
    judge([weakening!], [changeRecordSchema.parse({ ...record, ...change })], today)[0]!.coveredBy

  it('covers exactly what it names, until its last day', () => {
    expect(coveredBy({})).toBe('change-12')
    expect(coveredBy({}, '2026-12-02')).toBeUndefined()
    expect(coveredBy({ weakenings: [{ subject, path, before, after: 13 }] })).toBeUndefined()
    expect(coveredBy({ weakenings: [{ subject, path: 'MultiAZ', before, after }] })).toBeUndefined()
  })

  it.each([
    ['one approval', { approvals: [approval('Compliance Officer'), approval('Compliance Officer')] }],
    ['an approval by another role', { approvals: [approval('Compliance Officer'), approval('DevOps Lead')] }],
    ['a reason that says nothing', { reason: 'needed' }],
    ['no weakening', { weakenings: [] }],
    ['a field nobody knows', { extra: 1 }],
  ])('is refused with %s', (_, change) => {
    expect(changeRecordSchema.safeParse({ ...record, ...change }).success).toBe(false)
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
      // Nothing of ours ends on a day.
      'AWS::S3::Bucket LifecycleConfiguration.Rules.*.ExpirationDate',
      // Ours are resources of their own.
      'AWS::EC2::SecurityGroup SecurityGroupIngress',
    ])
  })
})

import type { Assembly } from '../../../core/posture/assembly'
import { changeRecordSchema, judge, overstayed, withdrawnOf } from '../../../core/posture/change-record'
import { weakenings } from '../../../core/posture/diff'
import type { Json } from '../../../core/json'

type Properties = { readonly [name: string]: Json }

const assembly = (Type: string, Properties: Properties): Assembly => ({
  stacks: [{ stack: 'database', region: 'sa-east-1', resources: { Thing: { Type, Properties } } }],
})
const trustOf = (AWS: string): Json => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }],
})

describe('a change record', () => {
  const [weakening] = weakenings(
    assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod: 35 }),
    assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod: 14 }),
  )
  const { subject, path, before, after } = weakening!
  const person = (digit: string) => `sha256:${digit.repeat(64)}`
  const approval = (role: string, by: string, approvedOn = '2026-11-20') => ({
    role,
    person: person(by),
    approvedOn,
    reference: 'minutes 12',
  })
  const approvals = [approval('Compliance Officer', 'a'), approval('Medical Director', 'b')]
  const record = {
    id: 'change-12',
    environment: 'production',
    owner: 'DevOps Lead',
    reason: 'the instance is rebuilt, and its history is held elsewhere meanwhile',
    approvals,
    expires: '2026-12-01',
    weakenings: [{ subject, path, before, after }],
  }
  const coveredBy = (change: object, today = '2026-12-01', environment = 'production') =>
    judge([weakening!], [changeRecordSchema.parse({ ...record, ...change })], { today, environment })[0]!.coveredBy

  it('covers exactly what it names, from its approval until its last day', () => {
    expect(coveredBy({})).toBe('change-12')
    expect(coveredBy({}, '2026-11-20')).toBe('change-12')
    expect(coveredBy({}, '2026-11-19')).toBeUndefined()
    expect(coveredBy({}, '2026-12-02')).toBeUndefined()
    expect(coveredBy({}, '2026-12-01', 'test')).toBeUndefined()
    expect(coveredBy({ weakenings: [{ subject, path, before, after: 13 }] })).toBeUndefined()
    expect(coveredBy({ weakenings: [{ subject, path: 'MultiAZ', before, after }] })).toBeUndefined()
  })

  it('is recalled when it is over and what it allowed still stands', () => {
    const still = assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod: 14 })
    const restored = assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod: 35 })
    const records = [changeRecordSchema.parse(record)]
    const over = { today: '2026-12-02', environment: 'production' }
    expect(overstayed(still, records, over)).toEqual([{ record: 'change-12', expires: '2026-12-01', subject, path }])
    expect(overstayed(restored, records, over)).toEqual([])
    expect(overstayed(still, records, { ...over, today: '2026-12-01' })).toEqual([])
    expect(overstayed(still, records, { ...over, environment: 'test' })).toEqual([])
  })

  const days = (BackupRetentionPeriod: number) => assembly('AWS::RDS::DBInstance', { BackupRetentionPeriod })
  const over = { today: '2026-12-02', environment: 'production' }
  const old = changeRecordSchema.parse(record)

  it.each([
    [1, 14],
    [1, 15],
    [1, 34],
    [0, 35],
    [0, 36],
  ])('recalls %i when 35 days became 14 and are %i today', (times, today) => {
    expect(overstayed(days(today), [old], over)).toHaveLength(times)
  })

  it.each([
    [0, 'all of it, from what was there before to what is there now', { expires: '2026-12-10' }, 14],
    [1, 'more than what is there now', { expires: '2026-12-10' }, 15],
    [1, 'the last step of two', { expires: '2026-12-10', weakenings: [{ subject, path, before: 14, after: 13 }] }, 13],
    [1, 'all of it, but is over too', {}, 14],
    [1, 'all of it, in another environment', { expires: '2026-12-10', environment: 'staging' }, 14],
  ])('recalls the older one %i times where a newer one covers %s', (times, _, change, today) => {
    const newer = changeRecordSchema.parse({ ...record, ...change, id: 'change-13' })
    const recalled = overstayed(days(today), [old, newer], over).filter((one) => one.record === 'change-12')
    expect(recalled).toHaveLength(times)
  })

  it('is not forgotten by taking it away, before its last day or after it', () => {
    const withdrawn = withdrawnOf([old], [])
    expect(withdrawn).toEqual([old])
    expect(withdrawnOf([old], [old])).toEqual([])
    for (const today of ['2026-11-25', '2026-12-02'])
      expect(overstayed(days(14), [], { ...over, today }, withdrawn)).toHaveLength(1)
    expect(overstayed(days(35), [], over, withdrawn)).toEqual([])
    const corrected = changeRecordSchema.parse({ ...record, reason: `${record.reason}, in another region` })
    expect(withdrawnOf([old], [corrected])).toEqual([old])
    expect(overstayed(days(14), [corrected], { ...over, today: '2026-11-25' }, [old])).toEqual([])
  })

  const PLAN = 'AWS::Backup::BackupPlan'
  const ending = (RuleName: string, DeleteAfterDays: number) => ({
    BackupPlan: { BackupPlanRule: [{ RuleName, Lifecycle: { DeleteAfterDays } }] },
  })
  const stackOf = (change: object): Assembly => ({
    stacks: [{ stack: 'database', region: 'sa-east-1', terminationProtection: true, resources: {}, ...change }],
  })
  const thing = (Type: string, more: object = {}) => stackOf({ resources: { Thing: { Type, ...more } } })
  const promising = (policy: Json): Assembly => ({ stacks: [], policy })
  const trusting = (Service: string): Properties => ({
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }] },
  })
  /** Before, what was agreed to, what is weaker than before though it is something else, and what is not. */
  it.each<[string, Assembly, Assembly, Assembly, Assembly]>([
    [
      'an entry whose name holds a dot',
      assembly(PLAN, ending('a.daily', 35)),
      assembly(PLAN, ending('a.daily', 7)),
      assembly(PLAN, ending('a.daily', 8)),
      assembly(PLAN, ending('a.daily', 36)),
    ],
    [
      'a threshold',
      assembly('AWS::CloudWatch::Alarm', { ComparisonOperator: 'LessThanThreshold', Threshold: 20 }),
      assembly('AWS::CloudWatch::Alarm', { ComparisonOperator: 'LessThanThreshold', Threshold: 10 }),
      assembly('AWS::CloudWatch::Alarm', { ComparisonOperator: 'LessThanThreshold', Threshold: 15 }),
      assembly('AWS::CloudWatch::Alarm', { ComparisonOperator: 'LessThanThreshold', Threshold: 25 }),
    ],
    [
      'what no row speaks of',
      assembly('AWS::RDS::DBInstance', { Port: '1' }),
      assembly('AWS::RDS::DBInstance', { Port: '2' }),
      assembly('AWS::RDS::DBInstance', { Port: '3' }),
      assembly('AWS::RDS::DBInstance', { Port: '1' }),
    ],
    [
      'an opening that AWS makes where nothing is said',
      assembly('AWS::RDS::DBInstance', { PubliclyAccessible: false }),
      assembly('AWS::RDS::DBInstance', { PubliclyAccessible: true }),
      assembly('AWS::RDS::DBInstance', {}),
      assembly('AWS::RDS::DBInstance', { PubliclyAccessible: false }),
    ],
    [
      'what stays of a resource',
      thing('AWS::S3::Bucket', { DeletionPolicy: 'Retain' }),
      thing('AWS::S3::Bucket', { DeletionPolicy: 'Delete' }),
      thing('AWS::S3::Bucket', { DeletionPolicy: 'Snapshot' }),
      thing('AWS::S3::Bucket', { DeletionPolicy: 'Retain' }),
    ],
    [
      'a condition',
      thing('AWS::S3::Bucket'),
      thing('AWS::S3::Bucket', { Condition: 'Never' }),
      thing('AWS::S3::Bucket', { Condition: 'Seldom' }),
      thing('AWS::S3::Bucket'),
    ],
    [
      'a resource that is gone',
      thing('AWS::S3::Bucket'),
      stackOf({}),
      { stacks: [] },
      thing('AWS::S3::Bucket', { Properties: { BucketName: 'another' } }),
    ],
    [
      'somebody who is trusted in a role that was not there',
      stackOf({}),
      thing('AWS::IAM::Role', { Properties: { AssumeRolePolicyDocument: trustOf('111111111111') } }),
      thing('AWS::IAM::Role', { Properties: { AssumeRolePolicyDocument: trustOf('222222222222') } }),
      thing('AWS::IAM::Role', { Properties: trusting('lambda.amazonaws.com') }),
    ],
    [
      'a user that was not there',
      stackOf({}),
      thing('AWS::IAM::User', { Properties: { UserName: 'a' } }),
      thing('AWS::IAM::User', { Properties: { UserName: 'b' } }),
      stackOf({}),
    ],
    [
      'a region',
      stackOf({}),
      stackOf({ region: 'us-east-1' }),
      stackOf({ region: 'us-west-2' }),
      stackOf({ region: 'sa-east-1' }),
    ],
    [
      'a stack open to deletion',
      stackOf({}),
      stackOf({ terminationProtection: false }),
      stackOf({ terminationProtection: undefined }),
      stackOf({ terminationProtection: true }),
    ],
    [
      'what decides which resources there are',
      stackOf({ sections: { Conditions: { Never: true } } }),
      stackOf({ sections: { Conditions: { Never: false } } }),
      stackOf({ sections: {} }),
      stackOf({ sections: { Conditions: { Never: true } } }),
    ],
    [
      'a promise',
      promising({ objectives: { rpo: { patientMinutes: 5 } } }),
      promising({ objectives: { rpo: { patientMinutes: 30 } } }),
      promising({ objectives: { rpo: { patientMinutes: 20 } } }),
      promising({ objectives: { rpo: { patientMinutes: 4 } } }),
    ],
    ['the policy', promising({}), { stacks: [] }, { stacks: [] }, promising({ other: true })],
  ])('recalls %s until it is as good as it was', (_, good, agreed, weaker, restored) => {
    const named = weakenings(good, agreed).map((one) => ({
      subject: one.subject,
      path: one.path,
      before: one.before,
      after: one.after,
    }))
    expect(named.length).toBeGreaterThan(0)
    const records = [changeRecordSchema.parse({ ...record, weakenings: named })]
    const recalled = (now: Assembly) => overstayed(now, records, over).length
    expect([good, agreed, weaker, restored].map(recalled)).toEqual([0, named.length, named.length, 0])
    // What is there now is what a renewal names.
    const renewed = changeRecordSchema.parse({ ...record, id: 'change-13', expires: '2026-12-10', weakenings: named })
    expect(overstayed(agreed, [...records, renewed], over)).toEqual([])
  })

  it('recalls data that was moved to another region until it is back, by the name that its replacement is recorded by', () => {
    const moved = { subject: 'database/Thing', path: 'region', before: 'sa-east-1', after: 'us-east-1' }
    const records = [changeRecordSchema.parse({ ...record, weakenings: [moved] })]
    const at = (region: string) => stackOf({ region, resources: { Thing: { Type: 'AWS::RDS::DBInstance' } } })
    expect(overstayed(at('us-east-1'), records, over)).toHaveLength(1)
    expect(overstayed(at('sa-east-1'), records, over)).toEqual([])
  })

  it.each([
    ['one approval', { approvals: [approval('Compliance Officer', 'a'), approval('Compliance Officer', 'b')] }],
    ['an approval by another role', { approvals: [approvals[0], approval('DevOps Lead', 'b')] }],
    ['one person in both roles', { approvals: [approvals[0], approval('Medical Director', 'a')] }],
    ['the name of a person', { approvals: [approvals[0], { ...approvals[1], person: 'somebody' }] }],
    ['an end that is years away', { expires: '9999-12-31' }],
    ['no environment', { environment: undefined }],
    ['an environment nobody knows', { environment: 'everywhere' }],
    ['a reason that says nothing', { reason: 'needed' }],
    ['no weakening', { weakenings: [] }],
    ['a field nobody knows', { extra: 1 }],
  ])('is refused with %s', (_, change) => {
    expect(changeRecordSchema.safeParse({ ...record, ...change }).success).toBe(false)
  })
})

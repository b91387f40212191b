import { AwsAccount } from '../../../adapters/aws/compliance'
import { stillHolds } from '../../../core/compliance/find'
import type { BucketProtection, SelectionProtection, VaultProtection } from '../../../core/ports/compliance'
import { describeCompliance } from '../../contracts/compliance'
import { VIOLATIONS } from '../../core/runbook/remediation'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const made = () =>
  new AwsAccount({
    accountId: '111122223333',
    stackPrefix: 'neonpro-test-',
    trailEndpoint: () => new URL(process.env['AWS_ENDPOINT_URL']!),
  })

describeCompliance('AWS', () => {
  const account = made()
  return {
    compliance: account,
    remedies: account,
    holds: (things) => {
      for (const thing of things) aws.current.account.hold(thing)
    },
    pass: async () => undefined,
  }
})

const [bucket] = VIOLATIONS['bucket-retention-shortened'] as readonly [BucketProtection, BucketProtection]

it('takes an end back and leaves every other rule of the bucket as it is', async () => {
  aws.current.account.buckets.set(bucket.name, {
    blocked: true,
    rules: [
      {
        id: 'tiers',
        prefix: '',
        objectDays: 1,
        rest: '<Transition><Days>90</Days><StorageClass>GLACIER</StorageClass></Transition>',
      },
      { id: 'soon', prefix: '', objectDays: 1, rest: '' },
      { id: 'staging', prefix: 'staging/', objectDays: 14, rest: '' },
    ],
  })
  await made().restore(bucket, { key: 'k' })
  expect(aws.current.account.buckets.get(bucket.name)?.rules).toEqual([
    { id: 'tiers', prefix: '', rest: expect.stringContaining('GLACIER') },
    { id: 'staging', prefix: 'staging/', objectDays: 14, rest: '' },
  ])
})

it('takes a day on which everything ends for an end that no other is sooner than', async () => {
  aws.current.account.buckets.set(bucket.name, {
    blocked: true,
    rules: [{ id: 'doom', prefix: '', rest: '<Expiration><Date>2026-12-01T00:00:00.000Z</Date></Expiration>' }],
  })
  expect(await stillHolds(made(), { code: 'bucket-retention-shortened', declared: bucket })).toBe(true)
  await made().restore(bucket, { key: 'k' })
  expect(aws.current.account.buckets.get(bucket.name)?.rules).toEqual([])
})

it('keeps the marker of a rule whose versions alone ended too soon', async () => {
  const marker = '<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>'
  aws.current.account.buckets.set(bucket.name, {
    blocked: true,
    rules: [{ id: 'versions', prefix: '', versionDays: 1, rest: marker }],
  })
  await made().restore(bucket, { key: 'k' })
  expect(aws.current.account.buckets.get(bucket.name)?.rules).toEqual([
    { id: 'versions', prefix: '', rest: expect.stringContaining('ExpiredObjectDeleteMarker') },
  ])
})

it.each<[{ readonly minDays?: number; readonly maxDays?: number }]>([[{ minDays: 365 }], [{ maxDays: 400 }]])(
  'loosens nothing of a lock that holds one number alone: %j',
  async (half) => {
    const [vault] = VIOLATIONS['lock-removed'] as readonly [VaultProtection, VaultProtection]
    aws.current.account.vaults.set(vault.name, half)
    await made().restore(vault, { key: 'k' })
    const lock = aws.current.account.vaults.get(vault.name)
    expect(lock?.minDays).toBe(Math.max(half.minDays ?? 0, vault.lock!.minDays))
  },
)

it('waits for no copy that RDS could not make', async () => {
  const [declared, found] = VIOLATIONS['copy-unencrypted']
  aws.current.account.hold(found!)
  await made().restore(declared, { key: 'k' })
  aws.current.account.snapshots.get(`${declared.name}-encrypted`)!.failed = true
  await expect(made().restore(declared, { key: 'k' })).rejects.toMatchObject({
    failure: 'conflict',
    code: 'COPY_FAILED',
  })
  expect(await made().protectionOf(declared)).toEqual(found)
})

it.each([
  [{ NotResources: ['arn:aws:rds:*:*:db:*'] }],
  [{ Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/no', ConditionValue: 'such' }] } }],
])('sees a selection that takes in less than it says, and puts it right: %j', async (narrowed) => {
  const [plan] = VIOLATIONS['plan-retention-shortened']
  const [selection] = VIOLATIONS['selection-removed'] as readonly [SelectionProtection, undefined]
  aws.current.account.hold(plan)
  await made().restore(selection, { key: 'k' })
  const held = aws.current.account.plans[0]!.selections
  for (const [id, one] of held) held.set(id, { ...one, ...narrowed })
  const finding = { code: 'selection-removed', declared: selection } as const
  expect(await stillHolds(made(), finding)).toBe(true)
  await made().restore(selection, { key: 'k-2' })
  expect(await stillHolds(made(), finding)).toBe(false)
  expect([...held.values()].filter((one) => 'NotResources' in one || 'Conditions' in one)).toEqual([])
})

it('takes a rule that is switched off for none', async () => {
  aws.current.account.buckets.set(bucket.name, {
    blocked: true,
    rules: [{ id: 'soon', prefix: '', objectDays: 1, off: true, rest: '' }],
  })
  expect(await made().protectionOf(bucket)).toEqual({ ...bucket, ends: {} })
  await made().restore(bucket, { key: 'k' })
  expect(aws.current.callsOf('s3:PutLifecycleConfiguration')).toEqual([])
})

it('removes the whole lifecycle where nothing of it may stay: an empty one is refused', async () => {
  aws.current.account.buckets.set('b', { blocked: true, rules: [{ id: 'soon', prefix: '', objectDays: 1, rest: '' }] })
  await made().restore({ ...bucket, name: 'b', ends: {} }, { key: 'k' })
  expect(aws.current.account.buckets.get('b')?.rules).toEqual([])
})

it('never makes a copy twice, also where the answer to the first request was lost', async () => {
  const [declared, found] = VIOLATIONS['copy-unencrypted']
  aws.current.account.hold(found!)
  aws.current.breaks('rds:CopyDBSnapshot', 'lost-answer')
  for (let turn = 0; turn < 9; turn++) if ((await made().restore(declared, { key: 'k' })) === 'restored') break
  expect(aws.current.callsOf('rds:CopyDBSnapshot')).toHaveLength(2)
  expect(aws.current.callsOf('rds:DeleteDBSnapshot')).toHaveLength(1)
  expect(await made().copies('sa-east-1')).toHaveLength(1)
})

it.each([
  ['s3:GetBucketPublicAccessBlock', 'bucket-public'],
  ['backup:DescribeBackupVault', 'lock-removed'],
  ['kms:DescribeKey', 'key-rotation-off'],
  ['logs:DescribeLogGroups', 'log-retention-shortened'],
  ['rds:DescribeDBInstances', 'deletion-protection-off'],
  ['cloudtrail:GetTrailStatus', 'trail-stopped'],
] as const)('says that it may not look where %s is denied, and takes it for nothing else', async (action, code) => {
  const [declared, found] = VIOLATIONS[code]
  aws.current.account.hold(found!)
  aws.current.breaks(action, 'denied')
  await expect(made().protectionOf(declared)).rejects.toMatchObject({ failure: 'denied' })
})

it('says that CloudTrail did not answer', async () => {
  aws.current.breaks('cloudtrail:GetTrailStatus', 'reset')
  await expect(made().protectionOf(VIOLATIONS['trail-stopped'][0])).rejects.toMatchObject({
    failure: 'unreachable',
    code: 'CLOUDTRAIL_UNREACHABLE',
  })
})

const resources = (name: string) => ({
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } },
  Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
  Alias: {
    Type: 'AWS::KMS::Alias',
    Properties: { AliasName: 'alias/neonpro-test/database', TargetKeyId: { Ref: 'Key' } },
  },
})

it('knows what is declared by the templates that our stacks of the region were deployed with', async () => {
  const { stacks } = aws.current.cloudFormation
  for (const name of ['neonpro-test-one', 'neonpro-test-two', 'of-somebody-else'])
    stacks.set(`sa-east-1/${name}`, { status: 'UPDATE_COMPLETE', template: { Resources: resources(`<${name}>`) } })
  stacks.set('sa-east-1/neonpro-test-gone', { status: 'DELETE_COMPLETE', template: { Resources: resources('gone') } })
  stacks.set('eu-west-1/neonpro-test-there', { status: 'CREATE_COMPLETE', template: { Resources: resources('there') } })
  const { protections, keyOfCopies } = await made().declaredIn('sa-east-1')
  expect(keyOfCopies).toBe('alias/neonpro-test/database')
  expect(protections.flatMap(({ kind, name }) => (kind === 'bucket' ? [name] : []))).toEqual([
    '<neonpro-test-one>',
    '<neonpro-test-two>',
  ])
})

it('looks at no region but the one that it serves', async () => {
  const account = new AwsAccount({ accountId: '111122223333', stackPrefix: 'neonpro-test-', only: 'eu-west-1' })
  await expect(account.protectionOf(VIOLATIONS['bucket-public'][0])).rejects.toMatchObject({ code: 'REGION_FOREIGN' })
  expect(aws.current.calls).toEqual([])
})

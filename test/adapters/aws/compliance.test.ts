import { AwsAccount } from '../../../adapters/aws/compliance'
import type { BucketProtection } from '../../../core/ports/compliance'
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

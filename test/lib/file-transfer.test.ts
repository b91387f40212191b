import { App } from 'aws-cdk-lib'
import { parsePolicy, type Policy } from '../../core/policy'
import { acknowledgeFindings, acknowledgements } from '../../lib/acknowledgements'
import { featureFlags } from '../../lib/feature-flags'
import { Names } from '../../lib/names'
import { addChecks, FAIL_ON_FINDINGS } from '../../lib/validation'
import { resolvePolicy } from '../../policy'
import { resourcesOf, stageIn, synthesize } from './synth'

const base = resolvePolicy('production')
const key = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`
const on: Policy = parsePolicy({
  ...base,
  transfers: [
    ...base.transfers,
    {
      flow: 'partner-files',
      from: 'sa-east-1',
      to: 'eu-west-1',
      personalData: true,
      mechanism: { kind: 'adequacy', decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' },
    },
  ],
  stores: [
    ...base.stores,
    {
      id: 'neonpro-partner-files',
      kind: 'bucket',
      rows: 'updated',
      tier: 'critical',
      dataClass: 'phi',
      legalBasis: 'LGPD art. 11 II f, health protection',
      restsOn: 'health-protection',
      archive: { mode: 'none', reason: 'partners keep the originals of what they send' },
    },
  ],
  fileTransfer: {
    mode: 'sftp',
    store: 'neonpro-partner-files',
    copyAlarmMinutes: 30,
    partners: [
      { name: 'laboratory', purpose: 'results of examinations', sshPublicKeys: [key('A'), key('B')] },
      { name: 'radiology', purpose: 'findings', sshPublicKeys: [key('C')] },
    ],
  },
})
const names = new Names(on)
const bucket = names.bucket('file-transfer', 'primary')
const stacks = synthesize(on).filter(({ name }) => name === names.stack('file-transfer', 'primary'))
const only = (type: string) => resourcesOf(stacks, type)

test('there is no server, no bucket and no key where no partner is named', () => {
  expect(base.fileTransfer.mode).toBe('none')
  expect(JSON.stringify(synthesize(base))).not.toMatch(/AWS::Transfer|file-transfer/)
})

test('no version of a file with health data ends by itself', () => {
  const rules = only('AWS::S3::Bucket').map(({ Properties }) => JSON.stringify(Properties?.['LifecycleConfiguration']))
  expect(rules).toEqual([expect.stringContaining('AbortIncompleteMultipartUpload')])
  expect(rules.join()).not.toContain('Expiration')
})

test('the server speaks SFTP alone, takes keys alone, and none of the ciphers that CloudFormation would admit by default', () => {
  expect(only('AWS::Transfer::Server')).toEqual([
    expect.objectContaining({
      DeletionPolicy: 'Retain',
      Properties: expect.objectContaining({
        Protocols: ['SFTP'],
        IdentityProviderType: 'SERVICE_MANAGED',
        SecurityPolicyName: 'TransferSecurityPolicy-2024-01',
        StructuredLogDestinations: [expect.anything()],
      }),
    }),
  ])
})

test('each partner is shown its own folder as the root, and has its own keys', () => {
  expect(only('AWS::Transfer::User').map(({ Properties }) => Properties)).toEqual(
    ['laboratory', 'radiology'].map((name, i) =>
      expect.objectContaining({
        UserName: name,
        HomeDirectoryType: 'LOGICAL',
        HomeDirectoryMappings: [{ Entry: '/', Target: `/${bucket}/partners/${name}` }],
        SshPublicKeys: i === 0 ? [key('A'), key('B')] : [key('C')],
      }),
    ),
  )
})

test('the role of a partner reaches its folder and nothing else', () => {
  for (const name of ['laboratory', 'radiology']) {
    const [policy] = only('AWS::IAM::ManagedPolicy').filter(({ Properties }) =>
      String(Properties?.['ManagedPolicyName']).includes(`sftp-${name}`),
    )
    const { Statement } = policy!.Properties!['PolicyDocument'] as { Statement: readonly Record<string, unknown>[] }
    const s3 = Statement.filter(({ Action }) => JSON.stringify(Action).includes('s3:'))
    expect(s3).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: `arn:aws:s3:::${bucket}`,
        Condition: { StringLike: { 's3:prefix': [`partners/${name}/*`, `partners/${name}`] } },
      },
      {
        Effect: 'Allow',
        Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        Resource: `arn:aws:s3:::${bucket}/partners/${name}/*`,
      },
    ])
    expect(JSON.stringify(Statement)).not.toContain('s3:DeleteObjectVersion')
  }
})

test('no other account can make the service take a role of ours', () => {
  const partners = only('AWS::IAM::Role').filter(({ Properties }) => String(Properties?.['RoleName']).includes('sftp-'))
  expect(partners).toHaveLength(2)
  for (const { Properties } of partners)
    expect(JSON.stringify(Properties?.['AssumeRolePolicyDocument'])).toContain(
      `"aws:SourceAccount":"${on.topology.accountId}"`,
    )
})

test('files keep their versions for the years of their class and are in a plan', () => {
  const [files] = only('AWS::S3::Bucket')
  expect(files?.Properties).toMatchObject({
    BucketName: bucket,
    VersioningConfiguration: { Status: 'Enabled' },
    Tags: expect.arrayContaining([{ Key: 'recovery:store', Value: 'neonpro-partner-files' }]),
  })
  const selections = resourcesOf(synthesize(on), 'AWS::Backup::BackupSelection')
  expect(JSON.stringify(selections)).toContain('neonpro-partner-files')
})

test('every file is copied to the recovery region, and an alarm rings there when copies are late', () => {
  const [files] = only('AWS::S3::Bucket')
  expect(JSON.stringify(files?.Properties?.['ReplicationConfiguration'])).toContain(
    names.bucketArn('file-transfer', 'recovery'),
  )
  const alarms = resourcesOf(synthesize(on), 'AWS::CloudWatch::Alarm').map(
    ({ Properties }) => Properties?.['AlarmName'],
  )
  expect(alarms).toEqual(
    expect.arrayContaining([
      names.alarm('replication-failed', 'file-transfer'),
      names.alarm('replication-late', 'file-transfer'),
    ]),
  )
})

test('it synthesizes without an open finding', async () => {
  const app = new App({ context: featureFlags(), analyticsReporting: false, postCliContext: FAIL_ON_FINDINGS })
  acknowledgeFindings(stageIn(app, on), acknowledgements(on))
  await addChecks(app)
  expect(() => app.synth()).not.toThrow()
})

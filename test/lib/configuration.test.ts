import { contract } from '../../lambda/configuration-copy/contract'
import { resolvePolicy } from '../../policy'
import { PRESETS } from '../policy/presets'
import { resourcesOf, synthesize } from './synth'

const policy = resolvePolicy('production')
const stacksOf = (of = policy) => synthesize(of).filter(({ name }) => name.includes('-configuration-'))
const stacks = stacksOf()
const propertiesOf = (type: string, of = stacks) => resourcesOf(of, type).map(({ Properties }) => Properties ?? {})

test('each data region holds its own locked copies', () => {
  expect(propertiesOf('AWS::S3::Bucket')).toHaveLength(2)
  for (const bucket of propertiesOf('AWS::S3::Bucket'))
    expect(bucket).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 731 } } },
      LifecycleConfiguration: {
        Rules: [{ Id: 'unfinished' }, { ExpirationInDays: 732, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
      },
    })
})

test('secrets are made in the primary region and replicated under the alias of the other one', () => {
  const [secret, ...logins] = resourcesOf(stacks, 'AWS::SecretsManager::Secret')
  expect(logins.map(({ Properties }) => Properties?.['Name'])).toEqual(
    policy.database.logins.map((role) => `neonpro-production/login-${role.replace('_', '-')}`),
  )
  expect(secret?.region).toBe('sa-east-1')
  expect(secret?.Properties).toMatchObject({
    Name: 'neonpro-production/application',
    ReplicaRegions: [
      { Region: 'eu-west-1', KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/neonpro-production/configuration' },
    ],
  })
})

test('a changed setting starts the copy and the backup, a changed secret the backup', () => {
  const targets = propertiesOf('AWS::Events::Rule').map(({ Name, Targets }) => [
    Name,
    (Targets as { Arn: { 'Fn::GetAtt': string[] } }[]).map(({ Arn }) => Arn['Fn::GetAtt'][0]),
  ])
  const [copy, backup] = [expect.stringContaining('configurationcopy'), expect.stringContaining('configurationbackup')]
  expect(targets).toHaveLength(4)
  expect(targets).toContainEqual(['neonpro-production-setting-changed', [copy, backup]])
  expect(targets).toContainEqual(['neonpro-production-secret-changed', [backup]])
  const [pattern] = propertiesOf('AWS::Events::Rule').map(({ EventPattern }) => EventPattern)
  expect(pattern).toEqual({
    source: ['aws.ssm'],
    'detail-type': ['Parameter Store Change'],
    detail: { name: [{ prefix: '/neonpro/configuration/' }] },
  })
})

test('EventBridge may start each function only for its own rule', () => {
  const permissions = propertiesOf('AWS::Lambda::Permission')
  expect(permissions).toHaveLength(6)
  for (const permission of permissions)
    expect(permission).toMatchObject({
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': expect.anything() },
    })
})

test('the keys of the other region are used only to make data keys, and only by their alias', () => {
  for (const { PolicyDocument } of propertiesOf('AWS::IAM::ManagedPolicy')) {
    const statements = (PolicyDocument as { Statement: Record<string, unknown>[] }).Statement
    for (const statement of statements.filter(({ Resource }) => /key\/\*/.test(JSON.stringify(Resource))))
      expect(statement).toMatchObject({
        Action: 'kms:GenerateDataKey',
        Condition: {
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/neonpro-production/configuration' },
        },
      })
  }
})

test('the copy may run longer than its deadline and the last try together', () => {
  const { copyRetrySeconds } = policy.configuration
  expect(contract.timeoutSeconds).toBeGreaterThan(policy.mechanisms.configurationCopySeconds + copyRetrySeconds + 15)
})

test('in one region there is no replica and no foreign key', () => {
  const alone = stacksOf(PRESETS['brazil-only'])
  expect(propertiesOf('AWS::S3::Bucket', alone)).toHaveLength(1)
  expect(propertiesOf('AWS::SecretsManager::Secret', alone)[0]).not.toHaveProperty('ReplicaRegions')
  expect(JSON.stringify(propertiesOf('AWS::IAM::ManagedPolicy', alone))).not.toContain('key/*')
})

test("the owner's secret of the database has a replica where the copy of the database stands", () => {
  const [secret] = resourcesOf(synthesize(policy), 'AWS::SecretsManager::Secret').filter(({ stack }) =>
    stack.includes('-database-'),
  )
  expect(secret?.Properties?.['ReplicaRegions']).toEqual([
    { Region: 'eu-west-1', KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/neonpro-production/database' },
  ])
})

import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { KmsDataKeys } from '../../../adapters/aws/kms-data-keys'
import { ParameterStoreConfiguration } from '../../../adapters/aws/parameter-store-configuration'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import { systemClock } from '../../../adapters/local/clock'
import { copyChange } from '../../../core/configuration/copy-change'
import type { ConfigurationCopy } from '../../../core/configuration/copies'
import { backupEnvironment, readEnvironment } from '../../../core/configuration/environment'
import { restoreEnvironment } from '../../../core/configuration/restore'
import { describeConfiguration } from '../../contracts/configuration'
import { describeDataKeys } from '../../contracts/data-keys'
import { useFakeAws } from './fake-aws'

const [PRIMARY, RECOVERY] = ['sa-east-1', 'eu-west-1'] as const
const PASSWORD = '/neonpro/configuration/mail/password'

const aws = useFakeAws()
const once = { attempts: 1 }
const makeKeys = (region: string, keyId = 'alias/configuration') =>
  new KmsDataKeys(new KMSClient(clientSettings(region, once)), keyId)
const makeConfiguration = (region: string) =>
  new ParameterStoreConfiguration(
    new SSMClient(clientSettings(region, once)),
    new SecretsManagerClient(clientSettings(region, once)),
    { paths: ['/neonpro/configuration'], secrets: ['application'], keyId: 'alias/configuration' },
  )
const copyIn = (region: string): ConfigurationCopy => ({
  region,
  store: new S3WriteOnceStore(new S3Client(clientSettings(region, once)), `configuration-${region}`),
  keys: makeKeys(region),
})
const backup = (region = PRIMARY as string) =>
  backupEnvironment(region, makeConfiguration(region), [copyIn(PRIMARY), copyIn(RECOVERY)], systemClock)

describeConfiguration('Parameter Store', () => ({
  configuration: makeConfiguration(PRIMARY),
  rotate: async (secret, versionId) => {
    const held = aws.current.secretsManager.secrets.get(secret) ?? []
    aws.current.secretsManager.secrets.set(secret, [...held, versionId])
  },
}))
describeDataKeys('KMS', () => ({ own: makeKeys(PRIMARY), foreign: makeKeys(RECOVERY) }))
describeDataKeys('two keys of one region', () => ({
  own: makeKeys(PRIMARY),
  foreign: makeKeys(PRIMARY, 'alias/other'),
}))

describe('ParameterStoreConfiguration', () => {
  it('seals what is sealed under the key of the configuration, and nothing else under any', async () => {
    await makeConfiguration(PRIMARY).put({ name: PASSWORD, kind: 'sealed', value: 'x' })
    await makeConfiguration(PRIMARY).put({ name: '/neonpro/configuration/a', kind: 'plain', value: 'x' })
    const [sealed, plain] = aws.current.callsOf('ssm:PutParameter').map(({ body }) => JSON.parse(body))
    expect(sealed).toMatchObject({ Type: 'SecureString', KeyId: 'alias/configuration', Overwrite: true })
    expect(plain).not.toHaveProperty('KeyId')
  })

  it('reads other settings than those of its own path never', async () => {
    await makeConfiguration(PRIMARY).put({ name: '/other/application', kind: 'plain', value: 'x' })
    for await (const { name } of makeConfiguration(PRIMARY).settings()) throw new Error(`read ${name}`)
    expect(JSON.parse(aws.current.callsOf('ssm:GetParametersByPath')[0]!.body)).toMatchObject({
      Path: '/neonpro/configuration',
      Recursive: true,
      WithDecryption: true,
    })
  })

  it('never takes a refused read for an empty configuration', async () => {
    aws.current.breaks('ssm:GetParametersByPath', 'denied')
    await expect(backup()).rejects.toMatchObject({ failure: 'denied' })
    aws.current.breaks('secretsmanager:DescribeSecret', 'denied')
    await expect(backup()).rejects.toMatchObject({ failure: 'denied' })
  })
})

describe('KmsDataKeys', () => {
  it('names its key on both ways, so that a blob of another key is refused', async () => {
    const { wrapped } = await makeKeys(PRIMARY).make({ a: 'b' })
    await makeKeys(PRIMARY).unwrap(wrapped, { a: 'b' })
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'])
      expect(JSON.parse(aws.current.callsOf(action)[0]!.body)).toMatchObject({
        KeyId: 'alias/configuration',
        EncryptionContext: { a: 'b' },
      })
  })
})

describe('with the keys of the primary region denied', () => {
  beforeEach(async () => {
    await makeConfiguration(PRIMARY).put({ name: PASSWORD, kind: 'sealed', value: 'correct horse' })
  })

  it('the recovery region reads the backup with its own key, and restores it into its own Parameter Store', async () => {
    const { key } = await backup()
    aws.current.kms.deniedRegions.add(PRIMARY)
    await expect(readEnvironment(copyIn(PRIMARY), key)).rejects.toMatchObject({ failure: 'denied' })
    await restoreEnvironment('real', makeConfiguration(RECOVERY), copyIn(RECOVERY), key)
    const restored: unknown[] = []
    for await (const { name, kind, value } of makeConfiguration(RECOVERY).settings()) restored.push([name, kind, value])
    expect(restored).toEqual([[PASSWORD, 'sealed', 'correct horse']])
    expect(new Set(aws.current.callsOf('kms:Decrypt').map(({ region }) => region))).toEqual(
      new Set([PRIMARY, RECOVERY]),
    )
  })

  it('a backup is still written into the recovery region, and says that the primary one failed', async () => {
    aws.current.kms.deniedRegions.add(PRIMARY)
    await expect(backup()).rejects.toMatchObject({ failure: 'denied' })
    expect([...aws.current.s3.objects.keys()]).toEqual([
      expect.stringMatching(/^configuration-eu-west-1\/environments\//),
    ])
  })

  it('what lies in the recovery region is of no use to the primary region', async () => {
    const { key } = await backup()
    const stolen = { ...copyIn(RECOVERY), keys: makeKeys(PRIMARY) }
    await expect(readEnvironment(stolen, key)).rejects.toMatchObject({ failure: 'invalid' })
  })
})

it('a change is acknowledged once both buckets hold it, each object sealed and written only where nothing is', async () => {
  await makeConfiguration(PRIMARY).put({ name: PASSWORD, kind: 'sealed', value: 'correct horse' })
  aws.current.breaks('s3:PutObject', 'throttle')
  const acknowledged = await copyChange(
    {
      source: PRIMARY,
      configuration: makeConfiguration(PRIMARY),
      copies: [copyIn(PRIMARY), copyIn(RECOVERY)],
      clock: systemClock,
      deadlineSeconds: 45,
      retryEverySeconds: 0.01,
    },
    { name: PASSWORD, kind: 'put', changedAt: new Date().toISOString() },
  )
  expect(acknowledged.written).toBe(2)
  expect(acknowledged.afterSeconds).toBeLessThan(45)
  expect(new Set([...aws.current.s3.objects.keys()].map((key) => key.split('/')[0]))).toEqual(
    new Set(['configuration-eu-west-1', 'configuration-sa-east-1']),
  )
  expect([...aws.current.s3.objects.values()].join()).not.toContain('correct horse')
  for (const { headers } of aws.current.callsOf('s3:PutObject')) expect(headers['if-none-match']).toBe('*')
})

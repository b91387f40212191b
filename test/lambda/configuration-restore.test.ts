import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { clientSettings } from '../../adapters/aws/client-settings'
import { KmsDataKeys } from '../../adapters/aws/kms-data-keys'
import { ParameterStoreConfiguration } from '../../adapters/aws/parameter-store-configuration'
import { S3WriteOnceStore } from '../../adapters/aws/s3-write-once-store'
import { systemClock } from '../../adapters/local/clock'
import { backupEnvironment } from '../../core/configuration/environment'
import { functionName, humanRoleName } from '../../core/policy/names'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'
import { signedCall } from './signed-call'

const PASSWORD = '/neonpro/configuration/mail/password'
const VALUE = 'correct horse battery'
const [PRIMARY, RECOVERY] = ['sa-east-1', 'eu-west-1'] as const
const policy = resolvePolicy('test')

// Each test loads the functions anew, as Lambda does.
jest.setTimeout(60_000)

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())
const written: string[] = []
beforeEach(() => {
  Object.assign(process.env, environment.variables)
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
})
afterEach(() => jest.restoreAllMocks())

const settingsOf = (region: string) =>
  new ParameterStoreConfiguration(
    new SSMClient(clientSettings(region)),
    new SecretsManagerClient(clientSettings(region)),
    { paths: ['/neonpro/configuration'], secrets: [], keyId: 'alias/configuration' },
  )
const copyIn = (region: string, bucket: string) => ({
  region,
  store: new S3WriteOnceStore(new S3Client(clientSettings(region)), bucket),
  keys: new KmsDataKeys(new KMSClient(clientSettings(region)), 'alias/configuration'),
})

it('brings the settings of a lost region back in the other one, asked for at the desk, with the keys of the lost one denied', async () => {
  await settingsOf(PRIMARY).put({ name: PASSWORD, kind: 'sealed', value: VALUE })
  const copies = [copyIn(PRIMARY, 'configuration-primary'), copyIn(RECOVERY, 'configuration-recovery')]
  const { key } = await backupEnvironment(PRIMARY, settingsOf(PRIMARY), copies, systemClock)
  aws.current.kms.deniedRegions.add(PRIMARY)
  aws.current.calls.length = 0

  const restore = await loadHandler('configuration-restore')
  aws.current.lambda.functions.set(`${RECOVERY}/${functionName(policy, 'configuration-restore')}`, restore)
  const desk = await loadHandler('desk')
  // A session that the desk opened itself carries the mark of the person.
  const ask = async (body: object) => {
    const call = signedCall(humanRoleName(policy, 'restore-operator'), 'person-0123456789ab', body)
    const { statusCode, body: text } = (await desk(call)) as { statusCode: number; body: string }
    return { status: statusCode, body: JSON.parse(text) as { keys?: string[]; digest?: string } }
  }
  const listed = await ask({ operation: 'configuration-versions', region: 'recovery', of: 'primary' })
  expect(listed).toMatchObject({ status: 200, body: { keys: [key] } })
  const { body: planned } = await ask({ operation: 'plan-configuration', region: 'recovery', key })
  expect(planned).toMatchObject({ plan: { put: [PASSWORD] } })
  const apply = { operation: 'restore-configuration', region: 'recovery', key, reasonCode: 'REGION_LOST' }
  expect(await ask({ ...apply, digest: '0123456789abcdef' })).toMatchObject({
    status: 409,
    body: { code: 'PLAN_CHANGED' },
  })
  expect(await ask({ ...apply, digest: planned.digest })).toMatchObject({ status: 200 })

  const restored: unknown[] = []
  for await (const { name, kind, value } of settingsOf(RECOVERY).settings()) restored.push([name, kind, value])
  expect(restored).toEqual([[PASSWORD, 'sealed', VALUE]])
  const decrypted = aws.current.callsOf('kms:Decrypt').map(({ region }) => region)
  expect(new Set(decrypted)).toEqual(new Set([RECOVERY]))
  const records = [...aws.current.s3.objects].filter(([at]) => at.includes('records/eu-west-1/configuration-restore'))
  expect(records.map(([, text]) => text).join()).toContain('person-0123456789ab')
  expect([...written, ...records.map(([, text]) => text)].join()).not.toContain(VALUE)
  const permissions = [
    ...(await contractOf('desk')).permissions,
    ...(await contractOf('configuration-restore')).permissions,
  ]
  const allowed = permissions.flatMap(({ actions }) => actions)
  const used = new Set(aws.current.calls.map(({ action }) => action))
  expect([...used].filter((action) => !allowed.includes(action))).toEqual([])
})

it('says a refusal, and fails with a code alone on what is no call', async () => {
  const restore = await loadHandler('configuration-restore')
  expect(await restore({ verb: 'show', key: 'environments/sa-east-1/none' })).toMatchObject({
    status: 400,
    body: { code: 'CONFIGURATION_COPY_MISSING' },
  })
  for (const call of [{ verb: 'show', key: '../x' }, { verb: 'apply', key: 'environments/x' }, { verb: 'read' }])
    await expect(restore(call)).rejects.toThrow('FORM_INVALID')
})

import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { clientSettings } from '../../../../adapters/aws/client-settings'
import type { Of } from '../../../../adapters/aws/deployments/kind'
import { KmsDataKeys } from '../../../../adapters/aws/kms-data-keys'
import { ParameterStoreConfiguration } from '../../../../adapters/aws/parameter-store-configuration'
import { S3WriteOnceStore } from '../../../../adapters/aws/s3-write-once-store'
import { MemoryWriteOnceStore } from '../../../../adapters/memory/write-once-store'
import { answering } from '../../../../core/access/answer'
import { serveRestore } from '../../../../core/configuration/restore-call'
import { EvidenceChain } from '../../../../core/evidence'
import { input } from '../../../../lambda/configuration-restore/contract'
import { describeDeployments } from '../../../contracts/deployments'
import { REGION, useDeployments } from './in-aws'

const { aws, clock, deployed } = useDeployments()
const settings: Of<'configuration'> = { kind: 'configuration', name: 'settings', dependsOn: [] }
const HOST = '/neonpro/configuration/mail/host'

/** The function which alone reads copies, over Parameter Store, KMS and S3; two releases of one setting were kept. */
async function stage() {
  const at = clientSettings(REGION)
  const configuration = new ParameterStoreConfiguration(new SSMClient(at), new SecretsManagerClient(at), {
    paths: ['/neonpro/configuration'],
    secrets: [],
    keyId: 'alias/configuration',
  })
  const records = new MemoryWriteOnceStore()
  const world = {
    region: REGION,
    configuration,
    copy: {
      region: REGION,
      store: new S3WriteOnceStore(new S3Client({ ...at, forcePathStyle: true }), 'configuration'),
      keys: new KmsDataKeys(new KMSClient(at), 'alias/configuration'),
    },
    evidence: new EvidenceChain(records, {
      region: REGION,
      writer: 'configuration-restore',
      environment: 'test',
      policyHash: 'f'.repeat(64),
    }),
    clock,
  }
  aws.current.lambda.functions.set(`${REGION}/configuration-restore`, (call) =>
    answering(() => serveRestore(world, input.parse(call))),
  )
  const put = (value: string) => configuration.put({ name: HOST, kind: 'sealed', value })
  const release = async () => {
    await deployed().keep(settings)
    return (await deployed().inForce(settings))!
  }
  await put('old.example')
  const previous = await release()
  await put('new.example')
  const current = await release()
  const before = aws.current.callsOf('ssm:PutParameter').length
  return {
    configuration,
    records,
    put,
    previous,
    current,
    changes: () => aws.current.callsOf('ssm:PutParameter').length - before,
  }
}

describeDeployments('settings of Parameter Store', async () => {
  const { configuration, previous, current, changes } = await stage()
  return {
    deployments: deployed(),
    component: settings,
    current,
    previous,
    gone: '0'.repeat(32),
    changes,
    settle: () => undefined,
    ail: () => configuration.remove(HOST),
  }
})

describe('settings of Parameter Store', () => {
  const put = (to: string, key = 'run-1/put-back/settings') => deployed().putInForce(settings, to, { key })

  it('are the same version whenever they hold the same, and another one with any other value', async () => {
    const { previous, current, put: set } = await stage()
    expect(previous).not.toBe(current)
    await set('old.example')
    expect(await deployed().inForce(settings)).toBe(previous)
    await set('third.example')
    expect([previous, current]).not.toContain(await deployed().inForce(settings))
  })

  it('are put back with evidence before and after, and without a value in it', async () => {
    const { previous, configuration, records } = await stage()
    await put(previous)
    const kinds: string[] = []
    for await (const key of records.keys('records/')) {
      const text = (await records.get(key))!
      kinds.push((JSON.parse(text) as { kind: string }).kind)
      expect(text).not.toContain('example')
    }
    expect(kinds).toEqual(['configuration-restore-begun', 'configuration-restore-ended'])
    for await (const { value } of configuration.settings()) expect(value).toBe('old.example')
  })

  it('can be put in force again although nobody had recorded what the rollback found', async () => {
    const { previous, put: set, configuration } = await stage()
    await set('never-recorded.example')
    const found = (await deployed().inForce(settings))!
    await put(previous)
    await put(found, 'run-1/put-back/settings/undo')
    expect(await deployed().inForce(settings)).toBe(found)
    for await (const { value } of configuration.settings()) expect(value).toBe('never-recorded.example')
  })

  it('go on where a first attempt ended half way', async () => {
    const { previous, configuration, put: set } = await stage()
    await configuration.put({ name: '/neonpro/configuration/mail/port', kind: 'plain', value: '587' })
    aws.current.breaks('ssm:DeleteParameter', 'reset', 3)
    await expect(put(previous)).rejects.toMatchObject({ failure: 'unreachable' })
    aws.current.mends()
    await put(previous)
    expect(await deployed().inForce(settings)).toBe(previous)
    await set('later.example')
    await put(previous, 'run-2/put-back/settings')
    expect(await deployed().inForce(settings)).toBe(previous)
  })

  it('are on their way while they are neither what they were nor what they become, and can go back from there', async () => {
    const { previous, current, configuration, put: set } = await stage()
    await configuration.put({ name: '/neonpro/configuration/mail/port', kind: 'plain', value: '587' })
    const found = (await deployed().inForce(settings))!
    aws.current.breaks('ssm:DeleteParameter', 'reset', 3)
    await expect(put(previous)).rejects.toMatchObject({ failure: 'unreachable' })
    aws.current.mends()
    expect(await deployed().inForce(settings)).toMatch(new RegExp(`^[0-9a-f]{32} on its way to ${previous}$`))
    await clock.sleep(1000)
    await put(found, 'run-1/put-back/settings/undo')
    expect(await deployed().inForce(settings)).toBe(found)
    expect(found).not.toBe(current)
    // What somebody sets afterwards is a version as any other.
    await set('later.example')
    expect(await deployed().inForce(settings)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('are on their way no longer than putting them back can take', async () => {
    const { previous, configuration } = await stage()
    await configuration.put({ name: '/neonpro/configuration/mail/port', kind: 'plain', value: '587' })
    aws.current.breaks('ssm:DeleteParameter', 'reset', 3)
    await expect(put(previous)).rejects.toMatchObject({ failure: 'unreachable' })
    aws.current.mends()
    await clock.sleep(20 * 60_000)
    expect(await deployed().inForce(settings)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('are not put back from a copy that holds others than its name says', async () => {
    const { previous, current } = await stage()
    const at = (version: string) => `configuration/released/${REGION}/${version}`
    aws.current.s3.objects.set(at('a'.repeat(32)), aws.current.s3.objects.get(at(previous))!)
    await expect(put('a'.repeat(32))).rejects.toMatchObject({ failure: 'invalid' })
    expect(await deployed().inForce(settings)).toBe(current)
  })
})

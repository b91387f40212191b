import { createHash } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { archiveDisposal } from '../../../adapters/aws/archive-disposal-world'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { codeCheck } from '../../../adapters/aws/code-check'
import { configurationBackup, configurationCopy } from '../../../adapters/aws/configuration-activities'
import { configurationWorld } from '../../../adapters/aws/configuration-world'
import { DynamoConditionalStore } from '../../../adapters/aws/dynamo-conditional-store'
import { VARIABLE } from '../../../adapters/aws/environment'
import { guardedDatabases } from '../../../adapters/aws/guard-world'
import { KmsSigner } from '../../../adapters/aws/kms-signer'
import { S3CodeCopies } from '../../../adapters/aws/s3-code-copies'
import { answerRelay } from '../../../adapters/aws/coordination-relay'
import { relayRequest } from '../../../adapters/aws/wire'
import { systemClock } from '../../../adapters/local/clock'
import { answerOrder, orderDisposal, readOrder } from '../../../core/archive/disposal-order'
import { pushCode } from '../../../core/code/push'
import { EPOCH_KEY, raiseEpoch } from '../../../core/coordination/writer-epoch'
import { resolvePolicy } from '../../../policy'
import { functionEnvironment } from '../../lambda/environment'
import { startDatabase, type TestDatabase } from '../postgres/database'
import { useFakeAws } from './fake-aws'

/** What a function makes of its environment: which region it asks, under which name and by which key, over the wire. */
const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())
const policy = resolvePolicy('test')
const [PRIMARY, OWN] = ['sa-east-1', 'eu-west-1'] as const
const { variables } = environment

let lines: string[]
beforeEach(() => {
  lines = []
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
})
afterEach(() => jest.restoreAllMocks())

const evidence = () =>
  [...aws.current.s3.objects]
    .filter(([key]) => key.startsWith('evidence/records/'))
    .map(([, text]) => JSON.parse(text) as { kind: string; outcome: string; measurements: Record<string, unknown> })
const regionsOf = (action: string) => [...new Set(aws.current.callsOf(action).map(({ region }) => region))].toSorted()
const metric = (name: string) =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>).find((line) => name in line)?.[name]

describe('the check of the code', () => {
  const push = async () => {
    const copies = new S3CodeCopies(new S3Client(clientSettings(OWN)), 'code')
    const signer = new KmsSigner(new KMSClient(clientSettings(OWN)), 'alias/code-signing')
    const copy = { commit: 'b'.repeat(40), tags: ['v1.0.0'], bundle: Buffer.from('bundle') }
    await pushCode([{ name: OWN, copies, signer }], copy, systemClock)
    aws.current.calls.length = 0
  }

  it('reads the own bucket and the own key, and leaves evidence of a good copy', async () => {
    await push()
    expect(await codeCheck(variables)()).toMatchObject({ findings: [], commit: 'b'.repeat(40) })
    expect(evidence()).toEqual([expect.objectContaining({ kind: 'code-check', outcome: 'succeeded' })])
    expect(JSON.parse(aws.current.callsOf('kms:GetPublicKey')[0]!.body)).toEqual({ KeyId: 'alias/code-signing' })
    expect(aws.current.callsOf('s3:GetObject')[0]?.url.pathname).toMatch(/^\/code\//)
    expect(new Set(aws.current.calls.map(({ region }) => region))).toEqual(new Set([OWN]))
    expect(metric('CodeFindings')).toBe(0)
  })

  it('leaves evidence of a damaged one, and counts its findings', async () => {
    await push()
    for (const key of aws.current.s3.objects.keys())
      if (key.includes('bundle')) aws.current.s3.objects.set(key, 'other')
    const { findings } = await codeCheck(variables)()
    expect(findings.length).toBeGreaterThan(0)
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'failed' })])
    expect(metric('CodeFindings')).toBe(findings.length)
  })

  it('is no verdict where it may not look', async () => {
    aws.current.breaks('s3:ListBucket', 'denied', 3)
    await expect(codeCheck(variables)()).rejects.toMatchObject({ failure: 'denied' })
    expect(evidence()).toEqual([])
  })
})

describe('the configuration of a function', () => {
  const NAME = '/neonpro/configuration/mail/password'
  const put = () =>
    configurationWorld(variables).configuration.put({ name: NAME, kind: 'sealed', value: 'correct horse' })
  const bucketsOf = (prefix: string) =>
    [...aws.current.s3.objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.split('/')[0])

  it('backs up its own region into both, each bucket in its region, and leaves the hash of each envelope', async () => {
    await put()
    aws.current.secretsManager.secrets.set('application', ['v1'])
    const backup = await configurationBackup(variables)()
    expect(backup).toMatchObject({ settings: 1, secrets: 1 })
    expect(regionsOf('ssm:GetParametersByPath')).toEqual([OWN])
    expect(aws.current.callsOf('s3:PutObject').map(({ region, url }) => [region, url.pathname.split('/')[1]])).toEqual(
      expect.arrayContaining([
        [PRIMARY, 'configuration-primary'],
        [OWN, 'configuration-recovery'],
      ]),
    )
    expect(regionsOf('kms:GenerateDataKey')).toEqual([OWN, PRIMARY].toSorted())
    const [record] = evidence()
    expect(record).toMatchObject({ kind: 'configuration-backup', outcome: 'succeeded', measurements: { settings: 1 } })
    const hashes = [...aws.current.s3.objects]
      .filter(([key]) => key.startsWith('configuration-'))
      .map(([, text]) => createHash('sha256').update(text).digest('hex'))
    expect(hashes).toHaveLength(2)
    for (const hash of hashes) expect(JSON.stringify(record)).toContain(hash)
    expect(metric('EnvironmentBackups')).toBe(1)
  })

  it('copies a change into both, and leaves how long that took', async () => {
    await put()
    const change = { name: NAME, kind: 'put' as const, changedAt: new Date().toISOString() }
    expect(await configurationCopy(variables)(change)).toMatchObject({ written: 2 })
    expect(new Set(bucketsOf('configuration-'))).toEqual(new Set(['configuration-primary', 'configuration-recovery']))
    expect(evidence()).toEqual([
      expect.objectContaining({ kind: 'configuration-copy', measurements: expect.objectContaining({ written: 2 }) }),
    ])
    expect([...aws.current.s3.objects.values()].join()).not.toContain('correct horse')
    expect(metric('ConfigurationCopySeconds')).toEqual(expect.any(Number))
  })

  it('is refused where the buckets are not those of the topology', () => {
    const other = { ...variables, [VARIABLE.configurationBuckets]: 'configuration-primary' }
    expect(() => configurationWorld(other)).toThrow('2 data region(s), but 1 bucket(s)')
  })
})

describe('a disposal', () => {
  const orders = () => new DynamoConditionalStore(new DynamoDBClient(clientSettings(OWN)), 'coordination')
  const order = async (approvers: readonly string[]) => {
    const now = new Date()
    const wanted = {
      id: 'd-1',
      dataClass: 'phi' as const,
      keys: ['a'],
      lastEntryAt: '1950-01-01T00:00:00.000Z',
      commissionReference: 'minutes/1',
      requestedBy: 'aaaaaaaaaaaa',
    }
    await orderDisposal(orders(), wanted, { now, approvalDays: policy.archive.disposal.approvalDays })
    for (const by of approvers)
      await answerOrder(orders(), await readOrder(orders(), 'd-1'), { by, approve: true }, now)
    const held = { bucket: 'archive-phi', key: 'a', versionId: 'v1', modifiedAt: '1950-01-01T00:00:00.000Z' }
    aws.current.s3.versions.held.push(held)
    aws.current.calls.length = 0
  }

  it('reads the order in the recovery region and destroys in its own, with evidence before and after', async () => {
    await order(['bbbbbbbbbbbb', 'cccccccccccc'])
    const primary = { ...variables, AWS_REGION: PRIMARY }
    expect(await archiveDisposal(primary)('d-1')).toEqual({ versions: 1 })
    expect(aws.current.s3.versions.held).toEqual([])
    expect(regionsOf('dynamodb:GetItem')).toEqual([OWN])
    expect(regionsOf('s3:DeleteObjectVersion')).toEqual([PRIMARY])
    expect(evidence().map(({ kind }) => kind)).toEqual(['disposal-begun', 'disposal'])
  })

  it('that one person approved destroys nothing, and leaves no evidence of having begun', async () => {
    await order(['bbbbbbbbbbbb'])
    await expect(archiveDisposal(variables)('d-1')).rejects.toMatchObject({ code: 'DISPOSAL_NOT_APPROVED' })
    expect(aws.current.s3.versions.held).toHaveLength(1)
    expect(evidence()).toEqual([])
  })
})

describe('the shift of a guard', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await startDatabase()
  }, 60_000)
  afterAll(() => database?.remove())
  const guarded = (databases: string) =>
    guardedDatabases({ ...variables, AWS_REGION: PRIMARY, [VARIABLE.databases]: databases }, 55)
  const shifts = (databases: string) => guarded(databases).declared
  const shift = () => shifts('db-g1=127.0.0.1:1')[0]!
  const { renewEverySeconds } = policy.pace.lease

  it('works as long as it is told, at the pace of the policy', () => {
    expect(shift()).toMatchObject({ workForMs: 55_000, renewEveryMs: renewEverySeconds * 1000 })
  })

  it('asks the reader of its own region about both places, and renews the lease of a real PostgreSQL', async () => {
    const store = (region: string) =>
      new DynamoConditionalStore(new DynamoDBClient(clientSettings(region)), 'coordination')
    const stores = { recovery: store(OWN), witness: store('eu-central-1') }
    for (const place of Object.values(stores))
      await place.create(EPOCH_KEY, { epoch: 1, holder: PRIMARY, raisedBy: 'test', continues: 1 })
    const asked: unknown[] = []
    aws.current.lambda.functions.set(`${PRIMARY}/coordination-reader`, (request) => {
      asked.push(request)
      return answerRelay(stores, relayRequest.parse(request))
    })
    const client = await database.session()
    await client.query(`update recovery_guard.lease set valid_until = clock_timestamp()`)
    expect(await shift().cycle(client)).toBe('renew')
    const { rows } = await client.query('select valid_until > clock_timestamp() as held from recovery_guard.lease')
    expect(rows).toEqual([{ held: true }])
    expect(asked).toEqual(
      expect.arrayContaining(['recovery', 'witness'].map((place) => ({ verb: 'get', place, key: EPOCH_KEY }))),
    )
    expect(regionsOf('lambda:InvokeFunction')).toEqual([PRIMARY])
  })

  it('changes nothing while no place answers, until a whole lease has passed', async () => {
    expect(await shift().cycle(await database.session())).toBe('idle')
  })

  it('has a shift of its own for each declared database', () => {
    expect(shifts('db-g1=127.0.0.1:1,db-g3=127.0.0.1:2')).toHaveLength(2)
  })

  describe('of a database that was restored beside', () => {
    const places = () =>
      [OWN, 'eu-central-1'].map(
        (region) => new DynamoConditionalStore(new DynamoDBClient(clientSettings(region)), 'coordination'),
      )
    const names = async (epoch: number, instance: string, holder: string = PRIMARY) => {
      const [recovery, witness] = places()
      const held = { epoch, holder, instance, raisedBy: 'test', continues: epoch }
      for (const place of [recovery!, witness!]) expect(await raiseEpoch(place, held)).toBe('raised')
      const relayed = { recovery: recovery!, witness: witness! }
      aws.current.lambda.functions.set(`${PRIMARY}/coordination-reader`, (request) =>
        answerRelay(relayed, relayRequest.parse(request)),
      )
    }
    const made = (instance: string, ...tags: [string, string][]) =>
      aws.current.rds.instances.set(instance, { status: 'available', tags: new Map(tags) })

    it('begins once the right to write is its own, and goes on when it is taken away again', async () => {
      const { restored } = guarded('db-g1=127.0.0.1:1')
      made('db-g3', ['recovery:restore', 'run-1/restore-beside'])
      expect(await restored()).toEqual([])
      await names(2, 'db-g3')
      expect(await restored()).toHaveLength(1)
      await names(3, 'db-g1')
      expect(await restored()).toHaveLength(1)
      expect(aws.current.callsOf('rds:DescribeDBInstances')).toHaveLength(1)
    })

    it('is none of one that no restore of ours has made, that is declared, or that stands elsewhere', async () => {
      const { restored } = guarded('db-g1=127.0.0.1:1')
      made('db-g3')
      await names(2, 'db-g3')
      expect(await restored()).toEqual([])
      made('db-g1', ['recovery:restore', 'run-1/restore-beside'])
      await names(3, 'db-g1')
      expect(await restored()).toEqual([])
      await names(4, 'db-g4', OWN)
      expect(await restored()).toEqual([])
    })

    it('waits for what RDS or a place does not tell', async () => {
      const { restored } = guarded('db-g1=127.0.0.1:1')
      made('db-g3', ['recovery:restore', 'run-1/restore-beside'])
      await names(2, 'db-g3')
      aws.current.breaks('rds:DescribeDBInstances', 'denied')
      expect(await restored()).toEqual([])
      expect(await restored()).toHaveLength(1)
      aws.current.lambda.functions.delete(`${PRIMARY}/coordination-reader`)
      expect(await restored()).toHaveLength(1)
    })
  })

  it('cannot begin where no database answers', async () => {
    await expect(shift().connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

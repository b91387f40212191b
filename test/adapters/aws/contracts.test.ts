import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { checkpointedEvidence } from '../../../adapters/aws/checkpointed-evidence'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { DynamoConditionalStore } from '../../../adapters/aws/dynamo-conditional-store'
import { KmsDataKeys } from '../../../adapters/aws/kms-data-keys'
import { KmsSigner } from '../../../adapters/aws/kms-signer'
import { LambdaFence } from '../../../adapters/aws/lambda-fence'
import { LambdaHealth } from '../../../adapters/aws/lambda-health'
import { logReporter } from '../../../adapters/aws/log'
import { databaseAt, type OwnDatabase } from '../../../adapters/aws/own-database'
import { rdsFence } from '../../../adapters/aws/rds-fence'
import { RdsInventory } from '../../../adapters/aws/rds-inventory'
import { LambdaMoments } from '../../../adapters/aws/lambda-moments'
import { RdsCopyRemoval } from '../../../adapters/aws/rds-copy-removal'
import { RdsPromotion } from '../../../adapters/aws/rds-promotion'
import { RdsRestore } from '../../../adapters/aws/rds-restore'
import { RdsZoneStandby } from '../../../adapters/aws/rds-zone-standby'
import { rdsSession } from '../../../adapters/aws/rds-session'
import { S3TrafficSwitch } from '../../../adapters/aws/s3-traffic-switch'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import { servedInstance } from '../../../adapters/aws/served-instance'
import { fenceRequest, momentRequest } from '../../../adapters/aws/wire'
import { BASELINE_KEY } from '../../../adapters/aws/agreed-names'
import { systemClock } from '../../../adapters/local/clock'
import { sealCorrection, storeCorrection } from '../../../core/coordination/corrections'
import { withRecoveryRegion } from '../../../core/policy'
import { resolvePolicy } from '../../../policy'
import { describeDatabaseSession, type SessionStage } from '../../contracts/database-session'
import { describeEvidenceLog } from '../../contracts/evidence-log'
import { describeFence } from '../../contracts/fence'
import { describeHealth } from '../../contracts/health'
import { describeInventory } from '../../contracts/inventory'
import { describePromotion } from '../../contracts/promotion'
import { describeReporter } from '../../contracts/reporter'
import { describeRestore } from '../../contracts/restore'
import { describeSigner } from '../../contracts/signer'
import { describeTrafficSwitch } from '../../contracts/traffic-switch'
import { describeZoneStandby } from '../../contracts/zone-standby'
import { startPair } from '../local/pair'
import { fenceStageOf, sessionStageOf } from '../local/pair-stages'
import { FakeAws } from './fake-aws'
import { useOneRealm } from './fake-aws/one-realm'

const policy = withRecoveryRegion(resolvePolicy('test'))
const { primary: HOME, recovery: AWAY, witness: WITNESS } = policy.topology.regions
const primary = { region: HOME, instance: 'db-g1' }
const replica = { region: AWAY, instance: 'db-g2' }

useOneRealm()
const aws = new FakeAws()
beforeAll(() => aws.start())
afterAll(() => aws.stop())
// All suites share one AWS, in whatever order they run: what one breaks is whole before the next test, also where it failed.
afterEach(() => aws.mends())
const heal = () => aws.mends()
const cutOff = (action: string) => () => aws.breaks(action, 'reset', Infinity)
const functions = () => aws.lambda.functions

/** A replica in the fake RDS, and what a promotion of it needs. */
function replicaStage() {
  aws.calls.length = 0
  aws.rds.instances.set(replica.instance, {
    status: 'available',
    source: `arn:aws:rds:${HOME}:111122223333:db:${primary.instance}`,
    tags: new Map(),
  })
  const client = new RDSClient(clientSettings(AWAY))
  const promotion = new RdsPromotion(client, AWAY)
  return {
    primary,
    replica,
    inventory: new RdsInventory(client, AWAY),
    promotion,
    promote: async () => {
      await promotion.promote(replica, { key: 'run-1/promote', backupRetentionDays: 35 })
      aws.rds.finishPromotion(replica.instance)
    },
    cut: cutOff('rds:DescribeDBInstances'),
    heal,
    remove: async () => undefined,
  }
}

describeInventory('RDS', replicaStage)

describePromotion('RDS', () => ({
  ...replicaStage(),
  role: async () => (aws.rds.instances.get(replica.instance)!.source ? 'replica' : 'primary'),
  finish: async () => aws.rds.finishPromotion(replica.instance),
  begun: async () => aws.callsOf('rds:PromoteReadReplica').length,
}))

describeZoneStandby('RDS', () => {
  const tags = () => new Map<string, string>()
  aws.rds.instances
    .set(primary.instance, { status: 'available', tags: tags(), zones: ['sa-east-1a', 'sa-east-1b'] })
    .set('db-alone', { status: 'available', tags: tags(), zones: ['sa-east-1a'] })
  const client = new RDSClient(clientSettings(HOME))
  return {
    zoneStandby: new RdsZoneStandby(client, HOME),
    inventory: new RdsInventory(client, HOME),
    primary,
    replica: { region: HOME, instance: 'db-alone' },
    // Clients of RDS are not part of it: what is seen is that the instance is whole.
    acceptsWrites: async () => aws.rds.instances.get(primary.instance)!.status === 'available',
    cut: cutOff('rds:DescribeDBInstances'),
    heal,
    pause: async () => aws.rds.finishFailover(primary.instance),
    remove: async () => undefined,
  }
})

describeRestore('RDS', () => {
  const instance = (name: string) => aws.rds.instances.get(name)!
  const ref = (name: string) => ({ region: HOME, instance: name })
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
  const history = () => ({ earliest: ago(35 * 86_400), latest: ago(0) })
  aws.rds.instances
    .set('db-history', { status: 'available', tags: new Map(), history: history() })
    .set('db-without', { status: 'available', tags: new Map() })
  // What the function beside the database would look up.
  const moments = new Map<string, string>()
  functions().set(`${HOME}/moment-reader`, (request) => {
    const { target } = momentRequest.parse(request)
    const at = target.kind === 'time' ? target.at : moments.get(target.kind === 'marker' ? target.name : target.id)
    return at === undefined ? {} : { at }
  })
  const isTestCopy = (name: string) => name.startsWith('db-test-')
  const client = new RDSClient(clientSettings(HOME))
  let committed = 4711
  const happens = (name: string) => {
    const at = new Date().toISOString()
    moments.set(name, at)
    return at
  }
  return {
    ports: {
      inventory: new RdsInventory(client, HOME),
      restore: new RdsRestore(client, {
        region: HOME,
        isTestCopy,
        securityGroups: { databases: 'sg-databases', testCopies: 'sg-copies' },
        moments: new LambdaMoments(new LambdaClient(clientSettings(HOME)), 'moment-reader', 20_000),
      }),
      copyRemoval: new RdsCopyRemoval(client, { region: HOME, isTestCopy }),
      clock: { ...systemClock, sleep: async () => aws.rds.settle() },
    },
    source: ref('db-history'),
    without: ref('db-without'),
    spares: [ref('db-test-1'), ref('db-test-2')],
    // RDS restores to whole seconds.
    resolutionMs: 1000,
    mark: async (name) => happens(name),
    commit: async () => {
      const id = String(committed++)
      return { id, at: happens(id) }
    },
    ship: async () => void (instance('db-history').history = history()),
    // Clients of RDS are not part of it: what is seen is that nothing was restored over the source.
    acceptsWrites: async ({ instance: name }) => instance(name).restoredBy === undefined,
    remove: async () => undefined,
  }
})

describeSigner('KMS', () => new KmsSigner(new KMSClient(clientSettings(AWAY)), 'alias/neonpro-test/checkpoint'))

describeReporter('log lines', async (work) => {
  const lines: string[] = []
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  try {
    await work({ reporter: logReporter, seen: () => lines })
  } finally {
    write.mockRestore()
  }
})

describeEvidenceLog('S3 with checkpoints signed by KMS', () => {
  aws.s3.objects.clear()
  const identity = { region: AWAY, writer: 'runbook', environment: 'test', policyHash: 'f'.repeat(64) }
  const open = () =>
    checkpointedEvidence(
      new S3WriteOnceStore(new S3Client(clientSettings(AWAY)), 'evidence'),
      new KmsSigner(new KMSClient(clientSettings(AWAY)), 'alias/neonpro-test/checkpoint'),
      systemClock,
      identity,
      [],
    )
  return {
    log: open(),
    again: open,
    fail: () => aws.breaks('s3:PutObject', 'lost-answer', Infinity),
    heal,
  }
})

describeHealth('functions that look', () => {
  let [api, receiver] = ['up', 'up']
  const saw = (verdict: string) => ({ verdict, observedAt: new Date().toISOString() })
  functions()
    .set(`${AWAY}/probe`, () => saw(api))
    .set(`${WITNESS}/probe`, () => saw(api))
    .set(`${AWAY}/observer`, () => saw(receiver))
  const observer = (region: string, name: string) => ({ client: new LambdaClient(clientSettings(region)), name })
  return {
    primary,
    replica,
    health: new LambdaHealth(
      {
        recoveryProbe: observer(AWAY, 'probe'),
        witnessProbe: observer(WITNESS, 'probe'),
        replicaObserver: (region) => observer(region, 'observer'),
        probed: HOME,
        deadlineMs: 30_000,
      },
      () => new Date(),
    ),
    lose: () => {
      ;[api, receiver] = ['down', 'down']
    },
    blind: () => void functions().delete(`${AWAY}/observer`),
    recover: () => {
      ;[api, receiver] = ['up', 'up']
      functions().set(`${AWAY}/observer`, () => saw(receiver))
    },
    remove: async () => functions().clear(),
  }
})

describeTrafficSwitch('objects in S3', () => {
  aws.s3.objects.clear()
  const place = (region: string, bucket: string) => ({ client: new S3Client(clientSettings(region)), bucket })
  // What Route 53 answers by its health checks: each record gives way only while its objects stand in both places.
  const stands = (key: string) => ['recovery', 'witness'].every((at) => aws.s3.objects.has(`switch-${at}/${key}`))
  const cname = async () => {
    const region = stands('traffic-in-recovery') ? AWAY : HOME
    const instance = stands(`traffic-in-${region}-at-db-g3`) ? 'db-g3' : { [HOME]: 'db-g1', [AWAY]: 'db-g2' }[region]
    return [`${instance}.abc123.${region}.rds.amazonaws.com`]
  }
  const lookup = { cname, addresses: async () => ['10.0.0.1'] }
  return {
    trafficSwitch: new S3TrafficSwitch(
      { recovery: place(AWAY, 'switch-recovery'), witness: place(WITNESS, 'switch-witness') },
      { recoveryRegion: AWAY, regions: [HOME, AWAY], next: 'db-g3' },
      () => servedInstance(lookup, 'db.neonpro.healthcare', 'db-g3'),
    ),
    home: HOME,
    away: AWAY,
    beside: { region: HOME, instance: 'db-g3' },
    settle: async () => undefined,
    cutWitness: cutOff('s3:GetObject'),
    heal,
    remove: async () => undefined,
  }
})

describeFence('a function next to a real PostgreSQL', async () => {
  const pair = await startPair()
  // RDS replicates by a role of its own, which a fence leaves alone; our rules of host access name ours.
  await (await pair.session('primary')).query('alter role replicator rename to rdsrepladmin')
  const stage = await fenceStageOf(pair)
  const fence = rdsFence(
    databaseAt(pair.primary, pair.endpoints.primary, async (role) => pair.plan.login(role)),
    policy,
  )
  functions().set(`${HOME}/fence`, (request) => {
    const { instance, ...rest } = fenceRequest.parse(request)
    return fence.close(instance, rest)
  })
  return {
    ...stage,
    fence: new LambdaFence((region) => new LambdaClient(clientSettings(region)), 'fence', 20_000),
    reset: async () => {
      heal()
      await stage.reset()
    },
    cut: cutOff('lambda:InvokeFunction'),
    remove: pair.remove,
  }
})

describeDatabaseSession('a function next to a real PostgreSQL', async () => {
  const pair = await startPair()
  const endpoint = { ...pair.endpoints.replica, port: pair.links.toReplica.port }
  const database = databaseAt(pair.replica, endpoint, async (role) => pair.plan.login(role))
  // A cut link is silent, and the adapter's own deadline is long; still enough for a session on a busy machine.
  const impatient: OwnDatabase = {
    ...database,
    session: (ref, deadlineMs, work, role) => database.session(ref, Math.min(deadlineMs, 4000), work, role),
  }
  aws.dynamodb.tables.clear()
  const store = new DynamoConditionalStore(new DynamoDBClient(clientSettings(AWAY)), 'coordination')
  await store.create(BASELINE_KEY, (await pair.stores.recovery.get(BASELINE_KEY))!.value)
  const keys = new KmsDataKeys(new KMSClient(clientSettings(AWAY)), 'alias/database')
  const keepCorrection: SessionStage['keepCorrection'] = async (id, fields) =>
    storeCorrection(store, id, await sealCorrection(keys, id, fields))
  return { ...sessionStageOf(pair), session: rdsSession(impatient, policy, store, keys), keepCorrection }
})

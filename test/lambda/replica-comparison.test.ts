import type { Client } from 'pg'
import { contentBeside } from '../../adapters/aws/content-beside'
import { coordinationStores } from '../../adapters/aws/coordination-stores'
import { VARIABLE } from '../../adapters/aws/environment'
import { intakeWorld } from '../../adapters/aws/operations-world'
import { databaseAt, sessionsWith } from '../../adapters/aws/own-database'
import { withSession } from '../../adapters/postgres/connect'
import { postgresContentReader } from '../../adapters/postgres/fingerprint/content-reader'
import { endOfLog, replayed } from '../../adapters/postgres/fingerprint/replica'
import { FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { takeAlarm } from '../../core/detection/intake'
import { METRIC } from '../../lambda/contract'
import { input as contentInput } from '../../lambda/content-reader/contract'
import { input } from '../../lambda/replica-comparison/contract'
import { comparisonMachine } from '../../lib/replica-comparison-machine'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { startPair, type Pair } from '../adapters/local/pair'
import { alterPage } from '../adapters/postgres/fingerprint/altered-page'
import { runMachine } from './comparison-machine'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'

/** A whole comparison opens a session for each part; a busy machine takes its time with them. */
const PATIENT_MS = 240_000

const aws = useFakeAws()
const environment = functionEnvironment()
let pair: Pair
let writer: Client
let replica: Client
beforeAll(async () => {
  pair = await startPair()
  writer = await pair.session('primary', 'postgres')
  await writer.query(`create extension pageinspect; create extension pg_buffercache; create schema load;
    create table load.counters (id int primary key, n bigint not null); insert into load.counters select n, 0 from generate_series(1, 50) n;
    create table load.still (id int primary key, note text); insert into load.still select n, 'synthetic note ' || n from generate_series(1, 3000) n;
    create table load.log (at timestamptz, n bigint); create sequence load.number; create unlogged table load.cache (k int primary key)`)
  // Or the next reader of the primary would note in the page what has ended, and ship the whole page.
  await writer.query('vacuum freeze load.still')
  await writer.query('checkpoint')
  replica = await pair.session('replica', 'postgres')
  expect(await replayed(replica, await endOfLog(writer), 20_000)).toBe(true)
}, PATIENT_MS)
afterAll(async () => {
  environment.remove()
  await pair?.remove()
})

const written: string[] = []
beforeEach(() => {
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0)
  Object.assign(process.env, {
    ...environment.variables,
    [VARIABLE.primaryInstance]: pair.primary.instance,
    [VARIABLE.replicaInstance]: pair.replica.instance,
  })
  for (const node of ['primary', 'replica'] as const) {
    const ref = pair[node]
    const sessions = sessionsWith([databaseAt(ref, pair.endpoints[node], async (role) => pair.plan.login(role))])
    const beside = contentBeside({ ...environment.variables, AWS_REGION: ref.region }, sessions)
    aws.current.lambda.functions.set(`${ref.region}/content-reader`, (asked) => beside(contentInput.parse(asked)))
  }
})
afterEach(async () => {
  jest.restoreAllMocks()
  // Failed checksums stay counted until somebody has looked.
  for (const server of [writer, replica]) await server.query('select pg_stat_reset()')
})

let runs = 0
async function compared() {
  const definition = comparisonMachine({ functionArn: 'replica-comparison', atOnce: 2, timeoutMinutes: 60 })
  const handler = await loadHandler('replica-comparison')
  const name = `run-${++runs}`
  const ended = await runMachine(definition, handler, { name, startedAt: new Date().toISOString() })
  return { ended, record: evidence().at(-1) }
}
const evidence = () =>
  [...aws.current.s3.objects]
    .filter(([key]) => key.startsWith('evidence/records/'))
    .map(([, text]) => JSON.parse(text) as { kind: string; outcome: string; measurements: Record<string, unknown> })
    .filter(({ kind }) => kind === 'replica-comparison')
const published = (metric: keyof typeof METRIC) =>
  written.flatMap((line) => {
    const value = (JSON.parse(line) as Record<string, unknown>)[METRIC[metric]]
    return value === undefined ? [] : [value]
  })

/** There and back, in few rows, so that most of them move between any two looks. */
async function underLoad<T>(work: () => Promise<T>): Promise<T> {
  const over = new AbortController()
  const client = await pair.session('primary', 'postgres')
  const load = (async () => {
    while (!over.signal.aborted)
      await client.query(`with u as (update load.counters set n = 1 - n where id = 1 + floor(random() * 5) returning n)
        insert into load.log select clock_timestamp(), nextval('load.number') from u`)
    await client.end()
  })()
  try {
    return await work()
  } finally {
    over.abort()
    await load
  }
}

it(
  'finds nothing in a replica that follows a busy source, and says so in evidence',
  async () => {
    const { ended, record } = await underLoad(compared)
    expect(ended).toMatchObject({ failures: 0 })
    expect(record?.measurements['damaged']).toEqual({ source: [], replica: [] })
    expect(published('dataIntegrityFailures')).toEqual([0])
    expect(published('replicaComparisons')).toEqual([1])
    const quiet = await compared()
    expect(quiet.ended).toMatchObject({ verdict: 'pass', failures: 0 })
  },
  PATIENT_MS,
)

it(
  'asks for nothing that its contract does not permit, and tells no row',
  async () => {
    await compared()
    const { permissions } = await contractOf('replica-comparison')
    const permitted = permissions.flatMap(({ actions }) => actions)
    expect(
      [...new Set(aws.current.calls.map(({ action }) => action))].filter((one) => !permitted.includes(one)),
    ).toEqual([])
    expect(JSON.stringify([...aws.current.s3.objects.values(), ...written])).not.toContain('synthetic note')
  },
  PATIENT_MS,
)

it(
  'finds one changed row of the replica by its place, while its source is busy',
  async () => {
    const undo = await alterPage(replica, {
      table: 'load.still',
      was: 'synthetic note 77',
      becomes: 'synthetic mote 77',
    })
    try {
      const { ended, record } = await underLoad(compared)
      expect(ended).toMatchObject({ verdict: 'fail', failures: 1 })
      expect(record?.outcome).toBe('failed')
      expect(record?.measurements['findings']).toContainEqual({
        code: 'CONTENT_DIFFERS',
        object: 'load.still',
        verdict: 'fail',
        detail: expect.stringMatching(/^1 rows, at \(0,\d+\)$/),
      })
      expect(published('dataIntegrityFailures')).toEqual([1])
    } finally {
      await undo()
    }
  },
  PATIENT_MS,
)

const ring = () => {
  const machine = 'arn:aws:states:eu-west-1:1:stateMachine:region-failover'
  aws.current.stepFunctions.machines.set(machine, new Map())
  const at = new Date()
  return takeAlarm(intakeWorld(process.env), { region: 'eu-west-1', at, alarmName: 'neonpro-test/data-integrity' })
}

it(
  'proves the replica clean where pages of the source are damaged, and the incident plans its promotion by itself',
  async () => {
    const undo = await alterPage(
      writer,
      { table: 'load.still', was: 'synthetic note 77', becomes: 'synthetic mote 77' },
      'left',
    )
    try {
      const { ended, record } = await compared()
      expect(ended).toMatchObject({ verdict: 'fail' })
      expect(record?.measurements['damaged']).toEqual({ source: ['load.still'], replica: [] })
      expect(await ring()).toMatchObject({ outcome: 'incident', answer: { kind: 'plan', runbook: 'region-failover' } })
    } finally {
      await undo()
    }
  },
  PATIENT_MS,
)

it(
  'leaves it to people where the replica is the damaged one',
  async () => {
    const undo = await alterPage(
      replica,
      { table: 'load.still', was: 'synthetic note 77', becomes: 'synthetic mote 77' },
      'left',
    )
    try {
      expect((await compared()).record?.measurements['damaged']).toEqual({ source: [], replica: ['load.still'] })
      expect(await ring()).toMatchObject({ outcome: 'incident', answer: { kind: 'people' } })
    } finally {
      await undo()
    }
  },
  PATIENT_MS,
)

it(
  'is inconclusive, and no failure, where the replica is not read',
  async () => {
    aws.current.lambda.functions.delete(`${pair.replica.region}/content-reader`)
    const { ended, record } = await compared()
    expect(ended).toMatchObject({ verdict: 'inconclusive', failures: 0, parts: 0 })
    expect(record).toMatchObject({ outcome: 'inconclusive' })
    // Or nobody would ever be told that nothing is compared any more.
    expect(published('replicaComparisons')).toEqual([0])
    expect(await ring()).toMatchObject({ answer: { kind: 'people' } })
  },
  PATIENT_MS,
)

it('is inconclusive where the replica is behind for longer than the policy waits', async () => {
  await replica.query('select pg_wal_replay_pause()')
  try {
    const reader = (node: 'primary' | 'replica') =>
      postgresContentReader({
        session: (work) => withSession(pair.endpoints[node], pair.plan.login(FENCE_ROLE), 10_000, work),
        lockWaitMs: 1000,
        replicaWaitMs: 200,
      })
    await writer.query('insert into load.log values (now(), 0)')
    const { position } = await reader('primary').rows('load.log', [])
    await expect(reader('replica').rows('load.log', [], position)).rejects.toMatchObject({ code: 'REPLICA_BEHIND' })
  } finally {
    await replica.query('select pg_wal_replay_resume()')
  }
})

it(
  'compares nothing once another database writes',
  async () => {
    const { recovery } = coordinationStores(process.env)
    await recovery.create('writer-epoch', {
      epoch: 2,
      holder: pair.replica.region,
      instance: pair.replica.instance,
      raisedBy: 'run-1',
      continues: 1,
    })
    expect((await compared()).ended).toEqual({ verdict: 'not-the-writer', failures: 0, parts: 0 })
    expect(published('dataIntegrityFailures')).toEqual([])
  },
  PATIENT_MS,
)

it.each([
  { task: 'compare', item: { parts: [{ table: 'load.still', from: -1, to: 3 }] } },
  { task: 'end', run: 'a run', startedAt: 'now', items: [] },
  { task: 'anything' },
])('refuses %o', (asked) => {
  expect(input.safeParse(asked).success).toBe(false)
})

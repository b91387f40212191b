import { setTimeout as sleep } from 'node:timers/promises'
import { BASELINE_KEY, EPOCH_KEY, METRIC, SWITCH_ALWAYS_PRESENT } from '../../../adapters/aws/agreed-names'
import { coordinationStores } from '../../../adapters/aws/coordination-stores'
import { ownedDatabase } from '../../../adapters/aws/owned-database'
import { readiness } from '../../../adapters/aws/readiness'
import { preparationRequest } from '../../../adapters/aws/wire'
import { databaseClock, renewLease } from '../../../adapters/postgres/guard'
import { raiseEpoch } from '../../../core/coordination/writer-epoch'
import { withRecoveryRegion } from '../../../core/policy'
import { databaseName } from '../../../core/policy/names'
import { baselineBefore } from '../../../core/readiness/baseline-history'
import { resolvePolicy } from '../../../policy'
import { functionEnvironment } from '../../lambda/environment'
import { contractOf } from '../../lambda/functions'
import { startDatabase, type TestDatabase } from '../postgres/database'
import { alterPage } from '../postgres/fingerprint/altered-page'
import { ownAsInRds } from '../postgres/rds-owner'
import { useFakeAws } from './fake-aws'

const { primary: HOME, recovery: AWAY } = withRecoveryRegion(resolvePolicy('test')).topology.regions
const SECRET = 'neonpro-test/database-owner-g1'

const aws = useFakeAws()
const environment = functionEnvironment()
const SERVING = databaseName(resolvePolicy('test'), 1)
const variables = { ...environment.variables, AWS_REGION: HOME, SERVING_INSTANCE: SERVING }
let database: TestDatabase
const written: string[] = []
beforeAll(async () => {
  database = await startDatabase()
  await ownAsInRds(database)
}, 60_000)
afterAll(async () => {
  environment.remove()
  await database?.remove()
})
beforeEach(() => {
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0)
  const known = { owner: database.login('owner'), endpoint: database.endpoint }
  const besideDatabase = ownedDatabase(variables, known)
  aws.current.lambda.functions.set(`${HOME}/readiness-database`, (asked) =>
    besideDatabase(preparationRequest.parse(asked)),
  )
})
afterEach(() => jest.restoreAllMocks())

/** The guard's part: it renews as soon as there is a lease to renew. */
async function guarded<T>(work: Promise<T>): Promise<T> {
  const guard = await database.session('postgres')
  const end = new AbortController()
  const beat = async () => {
    for (; !end.signal.aborted; await sleep(100))
      await renewLease(guard, { epoch: 1, continues: 1 }, await databaseClock(guard), 60_000).catch(() => undefined)
  }
  const beating = beat()
  try {
    return await work
  } finally {
    end.abort()
    await beating
  }
}

it('makes the first start on a database that nothing prepared, by the permissions of its contract alone', async () => {
  expect(await guarded(readiness(variables)())).toEqual({
    coordination: 'begun',
    baseline: 'recorded',
    // The test's own superuser, which RDS does not have; and the scheduler inside the database, which only RDS has.
    findings: ['role-not-closed:postgres', 'dead-man-missing'],
  })
  const stores = coordinationStores(variables)
  const first = { epoch: 1, holder: HOME, instance: SERVING, raisedBy: 'first-start', continues: 1 }
  for (const store of [stores.recovery, stores.witness]) expect((await store.get(EPOCH_KEY))?.value).toEqual(first)
  const tables = [
    expect.objectContaining({ table: 'clinic.records' }),
    expect.objectContaining({ table: 'clinic.prescriptions' }),
  ]
  expect((await stores.recovery.get(BASELINE_KEY))?.value).toEqual({ recordedAt: expect.any(String), tables })
  const keys = [...aws.current.s3.objects.keys()]
  expect(keys.filter((key) => key.endsWith(SWITCH_ALWAYS_PRESENT))).toHaveLength(2)
  expect(written.some((line) => line.includes(`"${METRIC.readinessFindings}":2`))).toBe(true)
  const { permissions } = await contractOf('readiness')
  const permitted = permissions.flatMap(({ actions }) => actions)
  const asked = new Set(aws.current.calls.map(({ action }) => action))
  expect([...asked].filter((action) => !permitted.includes(action))).toEqual([])
  // For copies of this moment and of later ones.
  const later = new Date(Date.now() + 3_600_000).toISOString()
  expect(await baselineBefore(stores.recovery, later)).toEqual(tables)
  expect(await baselineBefore(stores.recovery, new Date().toISOString())).toBeUndefined()
}, 30_000)

it('is repeated on schedule without changing anything, and leaves a database alone that is not the writer any more', async () => {
  await guarded(readiness(variables)())
  expect(await guarded(readiness(variables)())).toMatchObject({ coordination: 'there', baseline: 'fresh' })
  const stores = coordinationStores(variables)
  for (const store of [stores.recovery, stores.witness])
    await raiseEpoch(store, { epoch: 2, holder: AWAY, raisedBy: 'run-1', continues: 2 })
  aws.current.lambda.functions.clear()
  expect(await readiness(variables)()).toEqual({ coordination: 'there', baseline: 'not-the-writer', findings: [] })
}, 30_000)

it('finds a row that never changes changed, says so each time, and keeps the baseline that tells', async () => {
  const stores = coordinationStores(variables)
  const run = () => guarded(readiness(variables)())
  const integrity = () =>
    written.flatMap((line) => {
      const value = (JSON.parse(line) as Record<string, unknown>)[METRIC.dataIntegrityFailures]
      return value === undefined ? [] : [value]
    })
  const aged = async () => {
    const { value, version } = (await stores.recovery.get(BASELINE_KEY))!
    const recordedAt = new Date(Date.now() - 25 * 3_600_000).toISOString()
    await stores.recovery.replace(BASELINE_KEY, { ...(value as object), recordedAt }, version)
    return (await stores.recovery.get(BASELINE_KEY))!.value
  }
  await run()
  expect(integrity()).toEqual([])
  await aged()
  expect(await run()).toMatchObject({ baseline: 'recorded', differing: [] })
  expect(integrity()).toEqual([0])

  const held = await aged()
  const superuser = await database.session('postgres')
  const quietly = async (statement: string) => {
    await superuser.query(`begin; set local session_replication_role = replica; ${statement}; commit`)
  }
  await quietly(`update clinic.records set body = body || ' ' where id = (select min(id) from clinic.records)`)
  try {
    expect(await run()).toMatchObject({ baseline: 'differs', differing: ['clinic.records'] })
    expect(await run()).toMatchObject({ baseline: 'differs' })
    expect(integrity()).toEqual([0, 1, 1])
    expect((await stores.recovery.get(BASELINE_KEY))?.value).toEqual(held)
    // What an incident plans by, written down before anybody is told.
    expect((await stores.recovery.get('examination/content'))?.value).toMatchObject({
      damage: 'content',
      lastGood: { kind: 'transaction', id: expect.stringMatching(/^\d+$/) },
    })
  } finally {
    await quietly(`update clinic.records set body = rtrim(body) where id = (select min(id) from clinic.records)`)
  }
}, 60_000)

it('tells damaged pages from rewritten rows', async () => {
  const stores = coordinationStores(variables)
  await guarded(readiness(variables)())
  const { value, version } = (await stores.recovery.get(BASELINE_KEY))!
  await stores.recovery.replace(BASELINE_KEY, { ...(value as object), recordedAt: '2026-01-01T00:00:00.000Z' }, version)
  const superuser = await database.session('postgres')
  await superuser.query('create extension if not exists pageinspect; create extension if not exists pg_buffercache')
  await superuser.query('vacuum clinic.prescriptions')
  await superuser.query('checkpoint')
  const { rows } = await superuser.query<{ text: string }>(
    `select left(drug, 6) as text from clinic.prescriptions where ctid < '(1,0)' limit 1`,
  )
  const was = rows[0]!.text
  const undo = await alterPage(superuser, { table: 'clinic.prescriptions', was, becomes: was.toUpperCase() }, 'left')
  try {
    expect(await guarded(readiness(variables)())).toMatchObject({
      baseline: 'differs',
      differing: ['clinic.prescriptions'],
    })
    expect((await stores.recovery.get('examination/content'))?.value).toMatchObject({
      damage: 'page',
      lastGood: { kind: 'time', at: '2026-01-01T00:00:00.000Z' },
    })
  } finally {
    await undo()
  }
}, 60_000)

describe('the owner', () => {
  const ask = () => ownedDatabase(variables)({ task: 'baseline' })

  it('is looked up in the secret each time', async () => {
    aws.current.secretsManager.values.set(
      SECRET,
      JSON.stringify({ username: 'owner', password: 'p', engine: 'postgres' }),
    )
    // The login is known; nothing listens where the environment says the database stands.
    await expect(ask()).rejects.toMatchObject({ failure: 'unreachable' })
    expect(aws.current.calls.map(({ action }) => action)).toEqual(['secretsmanager:GetSecretValue'])
  })

  it.each([
    ['no secret', undefined],
    ['no password', '{"username":"owner"}'],
    ['no JSON', 'owner'],
  ])('is refused where there is %s, without a word of it', async (_, value) => {
    if (value !== undefined) aws.current.secretsManager.values.set(SECRET, value)
    await expect(ask()).rejects.toMatchObject({ failure: 'invalid' })
  })
})

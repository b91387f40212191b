import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import type { Client } from 'pg'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { databaseAt, type Sessions } from '../../../adapters/aws/own-database'
import { s3LaterWrites } from '../../../adapters/aws/s3-later-writes'
import { localLaterWrites } from '../../../adapters/local/later-writes'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { untold } from '../../../adapters/postgres/commit-times'
import { takeBaseline } from '../../../adapters/postgres/fingerprint/baseline'
import { recordedSince } from '../../../adapters/postgres/later-writes'
import { leftBehind } from '../../../adapters/postgres/left-behind'
import { firstRewrite } from '../../../adapters/postgres/rewrites'
import { describeLaterWrites, type LaterWritesStage } from '../../contracts/later-writes'
import { FakeAws } from '../aws/fake-aws'
import { useOneRealm } from '../aws/fake-aws/one-realm'
import { startDatabase, type TestDatabase } from './database'

let database: TestDatabase
let client: Client
beforeAll(async () => {
  database = await startDatabase()
  client = await database.session()
}, 60_000)
afterAll(() => database?.remove())

const clock = async () => (await client.query<{ now: string }>('select clock_timestamp()::text as now')).rows[0]!.now
const listed = async (table: string, since: string) => {
  const ids: string[] = []
  const recovered = await database.session()
  for await (const batch of leftBehind(client, recovered, table, { since, reachBackSeconds: 0 })) ids.push(...batch.ids)
  return ids.toSorted()
}
const record = async (sequence: number) =>
  (
    await client.query<{ id: string }>(
      `insert into clinic.records (patient_id, body, body_md5, client_id, client_sequence) values (1, 'x', md5('x'), 1, $1) returning id::text`,
      [sequence],
    )
  ).rows[0]!.id

test('rows inserted or changed since a moment are listed, those before it and those rolled back are not', async () => {
  await record(1)
  const since = await clock()
  const inserted = await record(2)
  await client.query(`update clinic.records set body = body where id = 7`)
  await client.query('begin')
  await record(3)
  await client.query('rollback')
  expect(await untold(client, since)).toBeUndefined()
  expect(await listed('clinic.records', since)).toEqual([inserted, '7'].toSorted())
  expect(await listed('clinic.invoices', since)).toEqual([])
  const asked = [1, 2, 3].map((sequence) => ({ client: 1, sequence }))
  expect(await recordedSince(client, asked, since)).toBe(1)
})

test('a moment from before all commit times that are kept is told apart from one without later writes', async () => {
  expect(await untold(client, '2020-01-01T00:00:00Z')).toBe('COMMIT_TIMES_TOO_YOUNG')
})

test('the first transaction that rewrote rows of a baseline is found, and new rows are none', async () => {
  const baseline = await takeBaseline(client, ['clinic.appointments', 'clinic.records'])
  const since = await clock()
  await record(4)
  expect(await firstRewrite(client, baseline, since)).toBeUndefined()
  const { rows } = await client.query<{ id: string }>(
    `with rewritten as (update clinic.appointments set minutes = 15 where id <= 10 returning id)
     select pg_current_xact_id()::text as id from rewritten limit 1`,
  )
  await client.query('update clinic.records set body = body where id = 1')
  expect(await firstRewrite(client, baseline, since)).toEqual({
    transaction: rows[0]!.id,
    table: 'clinic.appointments',
    rows: 10,
  })
})

const source = { region: 'sa-east-1', instance: 'clinic-g1' }
/** Sessions as a role that has what the fence role is given on RDS, and is no superuser. */
const sessions: Sessions = {
  session: (...request) =>
    databaseAt(source, database.endpoint, async (role) => database.login(role)).session(...request),
}
let written = 1000
const stage = (): Pick<LaterWritesStage, 'source' | 'recovered' | 'table' | 'now' | 'write'> => ({
  source,
  recovered: source,
  table: 'clinic.records',
  now: clock,
  write: () => record(written++),
})
const READER = 'later_writes_reader'
beforeAll(async () => {
  await client.query(`create role ${READER} login password '${database.login(READER).password}'`)
  await client.query(`grant pg_monitor, pg_read_all_data to ${READER}`)
})

describeLaterWrites('a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'later-writes-'))
  return {
    ...stage(),
    laterWrites: localLaterWrites(folder, CLINIC_TABLES, (ref, work) => sessions.session(ref, 10_000, work, READER)),
    kept: (name) => readFile(join(folder, name), 'utf8'),
    remove: () => rm(folder, { recursive: true }),
  }
})

useOneRealm()
describeLaterWrites('an object in S3', async () => {
  const aws = new FakeAws()
  await aws.start()
  const asReader: Sessions = { session: (ref, deadlineMs, work) => sessions.session(ref, deadlineMs, work, READER) }
  const region = 'sa-east-1'
  return {
    ...stage(),
    laterWrites: s3LaterWrites(asReader, new S3Client(clientSettings(region)), {
      region,
      tables: CLINIC_TABLES,
      deadlineMs: 10_000,
      bucket: 'evidence',
    }),
    kept: async (name) => aws.s3.objects.get(`evidence/later-writes/${region}/${name}`)!,
    remove: () => aws.stop(),
  }
})

test('a database that keeps no commit times says so', async () => {
  const settings = { query: async () => ({ rows: [{ on: false }] }) } as unknown as Client
  expect(await untold(settings, await clock())).toBe('COMMIT_TIMES_OFF')
})

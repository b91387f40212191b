import type { Client } from 'pg'
import { takeBaseline } from '../../../adapters/postgres/fingerprint/baseline'
import { laterIds, recordedSince, untold } from '../../../adapters/postgres/later-writes'
import { firstRewrite } from '../../../adapters/postgres/rewrites'
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
  for await (const batch of laterIds(client, table, since)) ids.push(...batch)
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

test('a database that keeps no commit times says so', async () => {
  const settings = { query: async () => ({ rows: [{ on: false }] }) } as unknown as Client
  expect(await untold(settings, await clock())).toBe('COMMIT_TIMES_OFF')
})

import type { Client } from 'pg'
import { connect, destroy } from '../../../adapters/postgres/connect'
import { leftBehind } from '../../../adapters/postgres/left-behind'
import { startDatabase, type TestDatabase } from './database'

/**
 * A commit takes its time before it stands in the log, so that of two at once the later one can stand first. A copy that was
 * recovered to a moment between them holds neither. The order of two processes cannot be commanded; a time of commit that is
 * older than the place in the log can, by the origin that a subscription gives its transactions.
 */
const REACH_BACK_SECONDS = 60

let database: TestDatabase
let old: Client
let copy: Client
beforeAll(async () => {
  database = await startDatabase()
  // Page by page, as a physical copy is: each row keeps the transaction that wrote it.
  const keeper = await connect({ ...database.endpoint, database: 'template1' }, database.login('postgres'), 10_000)
  await keeper.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres'`)
  await keeper.query('create database recovered template postgres strategy file_copy')
  destroy(keeper)
  old = await database.session('postgres')
  copy = await connect({ ...database.endpoint, database: 'recovered' }, database.login('postgres'), 10_000)
  await old.query(`select pg_replication_origin_create('earlier'), pg_replication_origin_session_setup('earlier')`)
}, 60_000)
afterAll(async () => {
  destroy(copy)
  await database?.remove()
})

const clock = async () => (await old.query<{ now: string }>('select clock_timestamp()::text as now')).rows[0]!.now
/** Commits with a time that is older than what stands in the log before. */
async function behind(secondsEarlier: number, statement: string): Promise<string> {
  await old.query('begin')
  const { rows } = await old.query<{ id: string }>(statement)
  await old.query(`select pg_replication_origin_xact_setup('0/1', clock_timestamp() - $1 * interval '1 s')`, [
    secondsEarlier,
  ])
  await old.query('commit')
  return rows[0]!.id
}
const listed = async (since: string, reachBackSeconds = REACH_BACK_SECONDS, table = 'clinic.invoices') => {
  const ids: string[] = []
  for await (const batch of leftBehind(old, copy, table, { since, reachBackSeconds }))
    if (!batch.deleted) ids.push(...batch.ids)
  return ids.toSorted()
}
const INSERT = `insert into clinic.invoices (patient_id, amount_cents, issued_on) values (1, 100, '2026-01-01') returning id::text`

test('a row whose commit is older than the moment and stands behind it in the log is on the list', async () => {
  const since = await clock()
  const inserted = await behind(5, INSERT)
  const changed = await behind(5, `update clinic.invoices set amount_cents = 7 where id = 3 returning id::text`)
  // The times of commits alone do not show them.
  expect(await listed(since, 0)).toEqual([])
  expect(await listed(since)).toEqual([inserted, changed].toSorted())
})

test('a row that was changed behind the moment is on it, also where all keys are the same', async () => {
  const since = await clock()
  const changed = await behind(5, `update clinic.appointments set minutes = minutes where id = 3 returning id::text`)
  expect(await listed(since, 3600, 'clinic.appointments')).toEqual([changed])
})

test('what the copy holds by the same transaction is not on it, however recent', async () => {
  // Everything that was there before the copy was made was committed within this test.
  const { rows } = await old.query<{ recent: string }>(
    `select count(*)::text as recent from clinic.invoices
     where pg_xact_commit_timestamp(xmin) >= clock_timestamp() - interval '1 hour'`,
  )
  expect(Number(rows[0]!.recent)).toBeGreaterThan(100)
  expect((await listed(await clock(), 3600)).length).toBeLessThan(5)
})

test('recent rows that are the same on both sides are read one by one on neither', async () => {
  const asked = [jest.spyOn(old, 'query'), jest.spyOn(copy, 'query')]
  for await (const batch of leftBehind(old, copy, 'clinic.patients', { since: await clock(), reachBackSeconds: 3600 }))
    throw new Error(`${batch.ids.length} rows were left behind`)
  // The clock; and on each side, whether it keeps commit times, and what its ranges come to.
  expect(asked.map(({ mock }) => mock.calls.length)).toEqual([3, 2])
  for (const spy of asked) spy.mockRestore()
})

test('a copy that keeps no commit times is asked row by row, and gives the same list', async () => {
  const since = await clock()
  const changed = await behind(5, `update clinic.records set body = body where id = 3 returning id::text`)
  const real = copy.query.bind(copy)
  const asked = jest
    .spyOn(copy, 'query')
    .mockImplementation(((text: string, values: unknown[]) =>
      real(text.replace(`current_setting('track_commit_timestamp')`, `'off'`), values)) as typeof copy.query)
  expect(await listed(since, 3600, 'clinic.records')).toEqual([changed])
  expect(asked.mock.calls.some(([text]) => text.includes('any($1'))).toBe(true)
  asked.mockRestore()
})

test('a commit further back than a log can be out of order is not looked for', async () => {
  const since = await clock()
  await behind(2 * REACH_BACK_SECONDS, INSERT)
  const before = await listed(since)
  const { rows } = await old.query<{ id: string }>('select max(id)::text as id from clinic.invoices')
  expect(before).not.toContain(rows[0]!.id)
})

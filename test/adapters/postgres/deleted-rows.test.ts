import type { Client } from 'pg'
import { leftBehind } from '../../../adapters/postgres/left-behind'
import { PATIENTS, startDatabase, type TestDatabase } from './database'

let database: TestDatabase
let old: Client
/** Sees the database as it was: what a copy recovered to that moment holds. */
let recovered: Client
beforeAll(async () => {
  database = await startDatabase()
  old = await database.session()
  recovered = await database.session()
}, 60_000)
afterAll(() => database?.remove())
beforeEach(async () => {
  await old.query('delete from clinic.invoices')
  await insert(1, PATIENTS)
  await remember()
})
afterEach(() => recovered.query('rollback'))

const deleted = async (table: string) => {
  const ids: string[] = []
  const moment = { since: 'infinity', reachBackSeconds: 0 }
  for await (const batch of leftBehind(old, recovered, table, moment)) if (batch.deleted) ids.push(...batch.ids)
  return ids.toSorted((a, b) => Number(a) - Number(b))
}
const insert = (from: number, to = from) =>
  old.query(
    `insert into clinic.invoices (id, patient_id, amount_cents, issued_on) overriding system value
     select n, 1, 100, '2026-01-01' from generate_series($1::bigint, $2::bigint) n`,
    [from, to],
  )
const remember = async () => {
  await recovered.query('rollback')
  await recovered.query('begin isolation level repeatable read read only')
  await recovered.query('select')
}

test('rows deleted since are found, also beside as many new ones; rows inserted or changed are none', async () => {
  expect(await deleted('clinic.invoices')).toEqual([])
  await old.query('delete from clinic.invoices where id in (3, 7)')
  await insert(PATIENTS + 1)
  await insert(PATIENTS + 2)
  await old.query('update clinic.invoices set amount_cents = 1 where id = 9')
  expect(await deleted('clinic.invoices')).toEqual(['3', '7'])
  expect(await deleted('clinic.patients')).toEqual([])
})

test('a range of keys that is gone as a whole, far ones and the whole table are found', async () => {
  await insert(5_000_000_000)
  await insert(5_000_070_000)
  await remember()
  await old.query('delete from clinic.invoices where id = 5000000000')
  expect(await deleted('clinic.invoices')).toEqual(['5000000000'])
  await old.query('delete from clinic.invoices')
  expect(await deleted('clinic.invoices')).toHaveLength(PATIENTS + 2)
})

test('what is read again is one range, however large the table is', async () => {
  await insert(1_000_000, 1_400_000)
  await remember()
  await old.query('delete from clinic.invoices where id = 1200000')
  const asked = jest.spyOn(recovered, 'query')
  expect(await deleted('clinic.invoices')).toEqual(['1200000'])
  // Whether it keeps commit times, what the keys of all ranges come to, and the ids of one.
  expect(asked.mock.calls).toHaveLength(3)
  asked.mockRestore()
}, 60_000)

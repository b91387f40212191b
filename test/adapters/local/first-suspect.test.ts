import type { Client } from 'pg'
import { firstSuspect } from '../../../adapters/postgres/first-suspect'
import { rowChanges } from '../../../adapters/postgres/row-changes'
import { startPair, type Pair } from './pair'

const TABLES = ['clinic.records', 'clinic.prescriptions']
let pair: Pair
let client: Client
beforeAll(async () => {
  pair = await startPair()
  client = await pair.session('primary')
  await client.query('create extension pg_walinspect')
}, 60_000)
afterAll(() => pair?.remove())

async function inOneTransaction(statement: string, end = 'commit'): Promise<string> {
  await client.query('begin')
  await client.query(statement)
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::xid::text as id')
  await client.query(end)
  return rows[0]!.id
}
const insert = `insert into clinic.records (patient_id, body, body_md5) values (1, 'a', md5('a'))`
const suspect = async (since: string) => firstSuspect(client, { since, tables: TABLES })

it('is the first one that was committed, and neither an insert, nor one that was rolled back, nor another table', async () => {
  const { position } = await rowChanges(client, TABLES)
  await inOneTransaction(insert)
  await inOneTransaction('delete from clinic.records where id = 1', 'rollback')
  await inOneTransaction(`update clinic.patients set phone = '0' where id = 1`)
  expect(await suspect(position)).toBeUndefined()
  const first = await inOneTransaction('delete from clinic.prescriptions where id = 1')
  await inOneTransaction(`update clinic.records set body = 'b' where id = 2`)
  expect(await suspect(position)).toMatchObject({ transaction: first })
})

it('finds a rewritten row as well, and forgets what lies before the position', async () => {
  await inOneTransaction('delete from clinic.records where id = 3')
  const { position } = await rowChanges(client, TABLES)
  const first = await inOneTransaction(`update clinic.records set body = 'c' where id = 4`)
  expect(await suspect(position)).toMatchObject({ transaction: first })
})

it('is told by the counters of the tables within seconds', async () => {
  const deleted = async () =>
    (await rowChanges(client, TABLES)).tables.find(({ table }) => table === 'clinic.records')!.deleted
  const before = await deleted()
  await inOneTransaction('delete from clinic.records where id = 5')
  while ((await deleted()) === before);
  expect(await deleted()).toBeGreaterThan(before)
}, 20_000)

describe('whoever truncates a table', () => {
  // Another table than those that the rest of this file needs its rows of.
  const own = async (since: string) => firstSuspect(client, { since, tables: ['clinic.consents'] })

  it('is suspect', async () => {
    const { position } = await rowChanges(client, TABLES)
    await inOneTransaction('truncate clinic.consents', 'rollback')
    await inOneTransaction(`update clinic.patients set phone = '0' where id = 2`)
    expect(await own(position)).toBeUndefined()
    const truncation = await inOneTransaction('truncate clinic.consents')
    expect(await own(position)).toMatchObject({ transaction: truncation })
  })

  it('does not hide who deleted rows before, though the files of the table are others since', async () => {
    await client.query(
      `insert into clinic.consents (patient_id, purpose, given_at) values (1, 'a', now()), (1, 'b', now())`,
    )
    const { position } = await rowChanges(client, TABLES)
    const deletion = await inOneTransaction(`delete from clinic.consents where purpose = 'a'`)
    await inOneTransaction('truncate clinic.consents')
    expect(await own(position)).toMatchObject({ transaction: deletion })
  })
})

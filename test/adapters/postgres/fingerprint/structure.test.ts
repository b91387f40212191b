import type { Client } from 'pg'
import { damagePage } from '../../../../adapters/local/page-damage'
import { checkStructure } from '../../../../adapters/postgres/fingerprint/structure'
import { startDatabase, type TestDatabase } from '../database'
import { scratchDatabase, type Scratch } from './contents'

let database: TestDatabase
let owner: Client
let scratch: Scratch
let client: Client
beforeAll(async () => {
  database = await startDatabase()
  owner = await database.session('postgres')
}, 60_000)
afterAll(() => database?.remove())
beforeEach(async () => {
  await owner.query('drop database if exists scratch with (force)')
  scratch = await scratchDatabase(database, owner, 'scratch')
  client = scratch.client
  await client.query(`create schema checks; create extension amcheck schema checks; create table t (id int primary key, v text, words tsvector);
    insert into t select n, 'v' || n, to_tsvector('simple', 'a b v' || n) from generate_series(1, 500) n;
    create index on t (v); create index on t using gin (words)`)
}, 60_000)
afterEach(() => client.end())

test('a sound database is checked to the last index, wherever the extension lives', async () => {
  const seen: number[] = []
  const { findings, checked } = await checkStructure(client, (done, of) => seen.push(done / of))
  expect(findings).toEqual([])
  expect(checked).toBeGreaterThan(100)
  expect(seen.at(-1)).toBe(1)
})

test('without the extension nothing is said to be sound', async () => {
  await client.query('drop extension amcheck')
  expect(await checkStructure(client)).toMatchObject({
    findings: [{ code: 'STRUCTURE_UNCHECKED', verdict: 'inconclusive', detail: 'AMCHECK_MISSING' }],
    checked: 0,
  })
})

test('an index that misses rows of its table is damaged', async () => {
  const shape = (body: string) =>
    `create or replace function shape(text) returns text language sql immutable as $$ select ${body} $$`
  await client.query(`${shape('$1')}; create index shaped on t (public.shape(v)); ${shape("$1 || 'x'")}`)
  expect((await checkStructure(client)).findings).toEqual([
    { code: 'STRUCTURE_DAMAGED', object: 'public.shaped', verdict: 'fail', detail: 'XX001' },
  ])
})

test('a page that the disk changed is found, and the counter of failed checksums tells of it afterwards', async () => {
  const { rows } = await client.query<{ data: string }>(`select current_setting('data_directory') as data`)
  await damagePage(client, rows[0]!.data, 'public.t')
  const { findings } = await checkStructure(client)
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'STRUCTURE_DAMAGED', object: 'public.t', verdict: 'fail' }),
  )
  // Counters come with a delay.
  await client.query('select pg_stat_force_next_flush()')
  expect((await checkStructure(client)).findings).toContainEqual(
    expect.objectContaining({ code: 'CHECKSUM_FAILED', verdict: 'fail' }),
  )
})

test('a role that may not check says so for each relation', async () => {
  await owner.query(`create role unprivileged login password 'unprivileged-secret'`)
  await client.query('grant usage on schema checks to unprivileged')
  await client.query('set session authorization unprivileged')
  const { findings } = await checkStructure(client)
  expect(findings.length).toBeGreaterThan(100)
  expect(findings.every(({ verdict, detail }) => verdict === 'inconclusive' && detail === '42501')).toBe(true)
})

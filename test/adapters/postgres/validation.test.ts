import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { takeBaseline, type TableBaseline } from '../../../adapters/postgres/fingerprint/baseline'
import { validateDatabase } from '../../../adapters/postgres/validation'
import { startDatabase, type TestDatabase } from './database'

let database: TestDatabase
let client: Client
let baseline: TableBaseline[]
beforeAll(async () => {
  database = await startDatabase()
  client = await database.session()
  baseline = await takeBaseline(client, CLINIC_TABLES)
}, 60_000)
afterAll(() => database?.remove())

/** A session of its own for each check, as the product opens them. */
async function inSession<T>(work: (session: Client) => Promise<T>): Promise<T> {
  const session = await database.session()
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}

/** Verdict of each check while `damage` is in place; everything is put back by `repair`. */
async function verdictsWith(damage: string, repair: string, expected = baseline) {
  await client.query(damage)
  try {
    const { verdict, checks } = await validateDatabase(
      inSession,
      { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
      expected,
    )
    return { verdict, ...Object.fromEntries(checks.map((check) => [check.name, check.verdict])) }
  } finally {
    await client.query(repair)
  }
}

const silently = (statement: string) => `begin; set local session_replication_role = replica; ${statement}; commit`

test('an intact database passes every check', async () => {
  expect(await verdictsWith('select', 'select')).toEqual({
    verdict: 'pass',
    content: 'pass',
    constraints: 'pass',
    sequences: 'pass',
    structure: 'pass',
  })
})

test('rows added after the baseline change nothing', async () => {
  const added = `insert into clinic.consents (patient_id, purpose, given_at) values (1, 'research', now())`
  expect(await verdictsWith(added, `delete from clinic.consents where purpose = 'research'`)).toMatchObject({
    verdict: 'pass',
  })
})

test('without a baseline, or with one that misses a table, the content is inconclusive', async () => {
  const withoutBaseline = await validateDatabase(
    inSession,
    { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
    undefined,
  )
  expect(withoutBaseline.verdict).toBe('inconclusive')
  expect(await verdictsWith('select', 'select', baseline.slice(1))).toMatchObject({ content: 'inconclusive' })
})

test('of a table that has other columns since, the content is not judged, neither as damaged nor as whole', async () => {
  const add = 'alter table clinic.records add column test_added int'
  const drop = 'alter table clinic.records drop column test_added'
  expect(await verdictsWith(add, drop)).toMatchObject({ content: 'inconclusive', verdict: 'inconclusive' })
  expect(await verdictsWith('select', 'select')).toMatchObject({ content: 'pass' })
})

test('content is judged where rows never change, and nothing is said of it where there is no such table', async () => {
  const change = `update clinic.patients set phone = phone || ' ' where id = 7`
  const contentOf = async (unchanging: readonly string[]) =>
    (await validateDatabase(inSession, { all: CLINIC_TABLES, unchanging }, baseline)).checks[0]?.verdict
  await client.query(change)
  expect(await contentOf(['clinic.records'])).toBe('pass')
  expect(await contentOf(['clinic.patients'])).toBe('fail')
  expect(await contentOf([])).toBe('inconclusive')
  await client.query(`update clinic.patients set phone = trim(phone) where id = 7`)
})

test.each([
  [
    'one value of one row changed',
    `update clinic.patients set phone = phone || ' ' where id = 7`,
    `update clinic.patients set phone = trim(phone) where id = 7`,
  ],
  [
    'two rows that swapped a value',
    `update clinic.prescriptions p set drug = o.drug from clinic.prescriptions o where (p.id, o.id) in ((1, 2), (2, 1))`,
    `update clinic.prescriptions p set drug = o.drug from clinic.prescriptions o where (p.id, o.id) in ((1, 2), (2, 1))`,
  ],
  [
    'one row gone and another one doubled under a new number',
    `create table kept as select * from clinic.consents where id = 3; delete from clinic.consents where id = 3;
     insert into clinic.consents overriding system value select 1000000, patient_id, purpose, given_at, withdrawn_at from clinic.consents where id = 4`,
    `delete from clinic.consents where id = 1000000; insert into clinic.consents overriding system value table kept; drop table kept`,
  ],
])('%s is a failed content check', async (_, damage, repair) => {
  expect(await verdictsWith(damage, repair)).toMatchObject({ verdict: 'fail', content: 'fail' })
})

test('a child without its parent is a failed constraint', async () => {
  const orphan = silently(`update clinic.consents set patient_id = patient_id + 1000000 where id = 5`)
  const repair = silently(`update clinic.consents set patient_id = patient_id - 1000000 where id = 5`)
  expect(await verdictsWith(orphan, repair)).toMatchObject({ verdict: 'fail', constraints: 'fail' })
})

test('a sequence behind its column would hand out a number twice', async () => {
  const sequence = `pg_get_serial_sequence('clinic.patients', 'id')`
  const repair = `select setval(${sequence}, (select max(id) from clinic.patients))`
  expect(await verdictsWith(`select setval(${sequence}, 1)`, repair)).toMatchObject({
    verdict: 'fail',
    sequences: 'fail',
    content: 'pass',
  })
})

test('an index that misses rows of its table is a failed structure', async () => {
  const shape = (body: string) =>
    `create or replace function clinic.shape(text) returns text language sql immutable as $$ select ${body} $$`
  const damage = `${shape('$1')}; create index shaped on clinic.consents (clinic.shape(purpose)); ${shape("$1 || 'x'")}`
  expect(await verdictsWith(damage, 'drop index clinic.shaped; drop function clinic.shape')).toMatchObject({
    verdict: 'fail',
    structure: 'fail',
    content: 'pass',
  })
})

test('a damaged page is a failed check, not an error', async () => {
  const { rows } = await client.query<{ file: string }>(
    `select current_setting('data_directory') || '/' || pg_relation_filepath('clinic.prescriptions') as file`,
  )
  await client.query('checkpoint')
  const file = await open(join(rows[0]!.file), 'r+')
  const intact = Buffer.alloc(8)
  const MIDDLE_OF_FIRST_PAGE = 5000
  await file.read(intact, 0, 8, MIDDLE_OF_FIRST_PAGE)
  await file.write(Buffer.alloc(8, 0xa5), 0, 8, MIDDLE_OF_FIRST_PAGE)
  // Evicting makes the server read the page from the file again.
  const evict = `create extension if not exists pg_buffercache; select count(pg_buffercache_evict(bufferid)) from pg_buffercache
    where relfilenode = pg_relation_filenode('clinic.prescriptions')`
  try {
    expect(await verdictsWith(evict, 'select')).toMatchObject({ verdict: 'fail', content: 'fail', structure: 'fail' })
  } finally {
    await file.write(intact, 0, 8, MIDDLE_OF_FIRST_PAGE)
    await file.close()
  }
})

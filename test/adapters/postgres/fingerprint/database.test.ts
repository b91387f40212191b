import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { sequencesUntilNow } from '../../../../adapters/postgres/fingerprint/sequences'
import { fingerprintForm } from '../../../../core/backup/fingerprint-form'
import { compareFingerprints } from '../../../../core/integrity/compare'
import { together, type DatabaseFingerprint } from '../../../../core/integrity/fingerprint'
import { compareDatabases } from '../../../../adapters/postgres/fingerprint/compare-databases'
import { fetchClient } from '../../../../adapters/local/postgres-client-package'
import { startDatabase, type TestDatabase } from '../database'
import { fingerprintOf, OPTIONS, scratchDatabase, tableIn, withSessions, type Scratch } from './contents'
import { EVERYTHING_SQL } from './everything'

let database: TestDatabase
let owner: Client
let source: Scratch
let copy: Scratch
let expected: DatabaseFingerprint
beforeAll(async () => {
  database = await startDatabase()
  owner = await database.session('postgres')
  source = await scratchDatabase(database, owner, 'source')
  await source.client.query(EVERYTHING_SQL)
  expected = await fingerprintOf(source)
  copy = await scratchDatabase(database, owner, 'copy', 'template0')
  await dumpAndRestore('source', 'copy')
}, 180_000)
afterAll(async () => {
  await source?.client.end()
  await copy?.client.end()
  await database?.remove()
})

async function dumpAndRestore(from: string, to: string): Promise<void> {
  const programs = await fetchClient()
  const folder = await mkdtemp(join(tmpdir(), 'fingerprint-'))
  try {
    const authorities = join(folder, 'authorities.pem')
    await writeFile(authorities, database.endpoint.authority)
    const { name, host, port } = database.endpoint
    const at = (dbname: string) =>
      `host=${name} hostaddr=${host} port=${port} dbname=${dbname} user=postgres sslmode=verify-full sslrootcert=${authorities}`
    const file = join(folder, 'dump')
    await run(join(programs, 'pg_dump'), ['--format=custom', '--compress=none', `--file=${file}`, at(from)])
    await run(join(programs, 'pg_restore'), ['--exit-on-error', '--single-transaction', `--dbname=${at(to)}`, file])
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, {
    env: { PGPASSWORD: database.login('postgres').password },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  for await (const chunk of child.stderr) complaint += String(chunk)
  expect(complaint).toBe('')
}

const compared = async () => compareFingerprints(expected, await fingerprintOf(copy), { copy: 'logical' })

test('it is the same by one session, by many, in pieces and by parallel workers', async () => {
  const content = ({ tables, unread }: DatabaseFingerprint) => ({ tables, unread })
  expect(expected.unread).toEqual([])
  for (const [sessions, options] of [
    [1, {}],
    [2, { workers: 2 }],
    // So small a pace that every block is a piece.
    [4, { pace: { megabytesPerSecond: 0.02, pieceSecondsAtMost: 1 } }],
    [1, { pace: { megabytesPerSecond: 0.02, pieceSecondsAtMost: 1 } }],
  ] as const)
    expect(content(await fingerprintOf(source, options, sessions))).toEqual(content(expected))
}, 60_000)

test('a database that was dumped and restored has the same fingerprint, but for what a dump leaves out', async () => {
  const { verdict, findings, tables, objects } = await compared()
  expect(findings.filter((finding) => finding.verdict !== 'pass')).toEqual([])
  expect(verdict).toBe('pass')
  expect(tables).toBe(expected.tables.length)
  expect(objects).toBeGreaterThan(80)
})

test('rows that a hash of an enumeration deals are in other partitions after a dump, and are compared as one table', async () => {
  const found = await fingerprintOf(copy)
  const dealt = ({ tables }: DatabaseFingerprint) => tables.filter(({ dealtBy }) => dealtBy !== undefined)
  expect(dealt(found).map(({ table }) => table)).toEqual(['shop.beds_even', 'shop.beds_odd_all'])
  expect(dealt(found).map(({ hash }) => hash)).not.toEqual(dealt(expected).map(({ hash }) => hash))
  expect(together(dealt(found))).toEqual(together(dealt(expected)))
  // A copy of the files has every row where it was.
  expect(compareFingerprints(expected, found, { copy: 'physical' }).findings).toContainEqual(
    expect.objectContaining({ code: 'CONTENT_DIFFERS', object: 'shop.beds_even', verdict: 'fail' }),
  )
})

test('such a table is compared as it runs: a difference of it stands only where it is still there', async () => {
  const live = () =>
    withSessions(source, 2, ([one, two]) =>
      withSessions(copy, 2, ([other, another]) =>
        compareDatabases([one!, two!], [other!, another!], {
          ...OPTIONS,
          recheck: { looks: 1, pauseMs: 1, replicaWaitMs: 1 },
        }),
      ),
    )
  const ofBeds = async () => (await live()).findings.filter(({ object }) => object.startsWith('shop.beds'))
  const change = `update shop.beds set number = number + 1 where ward = 'ward 5'`
  expect(await ofBeds()).toEqual([])
  await copy.client.query(change)
  expect(await ofBeds()).toEqual([{ code: 'CONTENT_DIFFERS', object: 'shop.beds', verdict: 'fail' }])
  const over = new AbortController()
  const changing = (async () => {
    while (!over.signal.aborted) await copy.client.query(change)
  })()
  try {
    expect(await ofBeds()).toEqual([expect.objectContaining({ code: 'CHANGED_MEANWHILE', verdict: 'inconclusive' })])
  } finally {
    over.abort()
    await changing
    await copy.client.query(`update shop.beds set number = 7 where ward = 'ward 5'`)
  }
})

test('it is read again as it was written down', () => {
  expect(fingerprintForm.parse(JSON.parse(JSON.stringify(expected)))).toEqual(expected)
})

test('it holds no value of a row and no secret of the catalog', () => {
  const text = JSON.stringify(expected)
  for (const told of ['name 1', 'street', 'line 3', 'host', 'who buys']) expect(text).not.toContain(told)
})

/** What is done to the copy, what is found then, and how it is undone. */
test.each([
  [
    'a value',
    `update shop.heap set part = part + 1 where ctid = (select min(ctid) from shop.heap)`,
    'CONTENT_DIFFERS',
    'shop.heap',
    `update shop.heap set part = part - 1 where ctid = (select max(ctid) from shop.heap)`,
  ],
  [
    'a value that decides about the partition',
    `update shop.beds set ward = 'ward 4', number = 8 where ward = 'ward 5'`,
    'CONTENT_DIFFERS',
    'shop.beds',
    `update shop.beds set ward = 'ward 5', number = 7 where number = 8`,
  ],
  [
    'a row that is gone',
    `delete from shop.child`,
    'CONTENT_DIFFERS',
    'shop.child',
    `insert into shop.child values (3, 4)`,
  ],
  [
    'a row that is there twice',
    `insert into shop.parent values (2)`,
    'CONTENT_DIFFERS',
    'shop.parent',
    `delete from only shop.parent where ctid = (select max(ctid) from only shop.parent)`,
  ],
  [
    'a large object',
    `select lo_put(oid, 5, '\\x07') from pg_largeobject_metadata order by oid limit 1`,
    'CONTENT_DIFFERS',
    'pg_catalog.pg_largeobject',
    `select lo_put(oid, 5, '\\xff') from pg_largeobject_metadata order by oid limit 1`,
  ],
  [
    'the length of a large object',
    `select lo_put(max(oid), 10003, '\\x00') from pg_largeobject_metadata`,
    'CONTENT_DIFFERS',
    'pg_catalog.pg_largeobject',
    `do $$ declare f integer; begin f := lo_open((select max(oid) from pg_largeobject_metadata), 131072); perform lo_truncate(f, 10003); perform lo_close(f); end $$`,
  ],
  [
    'a sequence behind',
    `select setval('shop.number', 1)`,
    'SEQUENCE_BEHIND',
    'shop.number',
    `select setval('shop.number', 7496)`,
  ],
  ['a table too many', `create table shop.more (a int)`, 'TABLE_UNEXPECTED', 'shop.more', `drop table shop.more`],
  [
    'a table away',
    `alter table shop.heap rename to shop_heap`,
    'TABLE_MISSING',
    'shop.heap',
    `alter table shop.shop_heap rename to heap`,
  ],
  [
    'a column that may be null',
    `alter table shop.customers alter code drop not null`,
    'OBJECT_DIFFERS',
    'columns: shop.customers',
    `alter table shop.customers alter code set not null`,
  ],
  [
    'a default',
    `alter table shop.customers alter code drop default`,
    'OBJECT_DIFFERS',
    'columns: shop.customers',
    `alter table shop.customers alter code set default gen_random_uuid()`,
  ],
  [
    'a constraint',
    `alter table shop.orders drop constraint orders_amount_check`,
    'OBJECT_MISSING',
    'constraints: shop.orders orders_amount_check',
    `alter table shop.orders add check (amount < 100000)`,
  ],
  [
    'a constraint that is not checked',
    `alter table shop.orders drop constraint orders_amount_check;
    alter table shop.orders add check (amount < 100000) not valid`,
    'OBJECT_DIFFERS',
    'constraints: shop.orders orders_amount_check',
    `alter table shop.orders validate constraint orders_amount_check`,
  ],
  [
    'an index',
    `drop index shop.mooded`,
    'OBJECT_MISSING',
    'indexes: shop.mooded',
    `create index mooded on shop.customers (mood) where mood is not null`,
  ],
  [
    'an index of other rows',
    `drop index shop.mooded; create index mooded on shop.customers (mood)`,
    'OBJECT_DIFFERS',
    'indexes: shop.mooded',
    `drop index shop.mooded; create index mooded on shop.customers (mood) where mood is not null`,
  ],
  [
    'a sequence of another step',
    `alter sequence shop.number increment 6`,
    'OBJECT_DIFFERS',
    'sequences: shop.number',
    `alter sequence shop.number increment 5`,
  ],
  [
    'a grant',
    `revoke insert on shop.customers from fp_reader`,
    'OBJECT_DIFFERS',
    'grants: relation shop.customers',
    `grant insert on shop.customers to fp_reader`,
  ],
  [
    'a grant to everybody',
    `grant execute on function shop.shout to public`,
    'OBJECT_DIFFERS',
    'grants: function shop.shout(text)',
    `revoke execute on function shop.shout from public`,
  ],
  [
    'a grant on a column',
    `revoke update (name) on shop.customers from fp_writer`,
    'OBJECT_MISSING',
    'grants: column shop.customers.name',
    `grant update (name) on shop.customers to fp_writer`,
  ],
  [
    'a grant on a schema',
    `revoke usage on schema shop from fp_reader`,
    'OBJECT_DIFFERS',
    'grants: schema shop',
    `grant usage on schema shop to fp_reader`,
  ],
  [
    'a default privilege',
    `alter default privileges in schema shop revoke select on tables from fp_reader`,
    'OBJECT_MISSING',
    'defaultPrivileges: postgres shop r',
    `alter default privileges in schema shop grant select on tables to fp_reader`,
  ],
  [
    'an owner',
    `alter table shop.heap owner to postgres`,
    'OBJECT_DIFFERS',
    'owners: relation shop.heap',
    `alter table shop.heap owner to fp_writer`,
  ],
  ['a role', `create role fp_more`, 'OBJECT_UNEXPECTED', 'roles: fp_more', `drop role fp_more`],
  [
    'what a role may',
    `alter role fp_writer createdb`,
    'OBJECT_DIFFERS',
    'roles: fp_writer',
    `alter role fp_writer nocreatedb`,
  ],
  [
    'a setting of a role',
    `alter role fp_writer reset statement_timeout`,
    'OBJECT_MISSING',
    'settings: role fp_writer',
    `alter role fp_writer set statement_timeout = '5s'`,
  ],
  [
    'a membership',
    `revoke fp_group from fp_writer`,
    'OBJECT_MISSING',
    'memberships: fp_writer in fp_group',
    `grant fp_group to fp_writer with admin option`,
  ],
  [
    'a trigger',
    `drop trigger touched on shop.customers`,
    'OBJECT_MISSING',
    'triggers: shop.customers touched',
    `create trigger touched before update on shop.customers for each row execute function shop.touched()`,
  ],
  [
    'a trigger that does not fire',
    `alter table shop.customers disable trigger touched`,
    'OBJECT_DIFFERS',
    'triggers: shop.customers touched',
    `alter table shop.customers enable trigger touched`,
  ],
  [
    'an event trigger',
    `alter event trigger watched disable`,
    'OBJECT_DIFFERS',
    'eventTriggers: watched',
    `alter event trigger watched enable`,
  ],
  [
    'a policy',
    `alter policy own on shop.customers using (true)`,
    'OBJECT_DIFFERS',
    'policies: shop.customers own',
    `alter policy own on shop.customers using (name = current_user)`,
  ],
  [
    'row security',
    `alter table shop.customers disable row level security`,
    'OBJECT_DIFFERS',
    'tables: shop.customers',
    `alter table shop.customers enable row level security`,
  ],
  ['an extension', `drop extension citext`, 'OBJECT_MISSING', 'extensions: citext', `create extension citext`],
  [
    'a function',
    `create or replace function shop.shout(text) returns text language sql immutable return lower($1)`,
    'OBJECT_DIFFERS',
    'functions: shop.shout(text)',
    `create or replace function shop.shout(text) returns text language sql immutable return upper($1)`,
  ],
  [
    'a view',
    `create or replace view shop.glad with (security_barrier) as select id, name from shop.customers where mood = 'ill'`,
    'OBJECT_DIFFERS',
    'views: shop.glad',
    `create or replace view shop.glad with (security_barrier) as select id, name from shop.customers where mood = 'well'`,
  ],
  [
    'an enumeration',
    `alter type shop.mood rename value 'ill' to 'bad'`,
    'OBJECT_DIFFERS',
    'types: shop.mood',
    `alter type shop.mood rename value 'bad' to 'ill'`,
  ],
  [
    'a domain',
    `alter domain shop.price set default 1`,
    'OBJECT_DIFFERS',
    'types: shop.price',
    `alter domain shop.price drop default`,
  ],
  [
    'a comment',
    `comment on table shop.customers is 'nobody'`,
    'OBJECT_DIFFERS',
    'comments: table shop.customers',
    `comment on table shop.customers is 'who buys'`,
  ],
  [
    'a publication',
    `drop publication changes`,
    'OBJECT_MISSING',
    'publications: changes',
    `create publication changes for table shop.customers (id, name) where (id > 10)`,
  ],
  [
    'a server elsewhere',
    `alter server far options (set host 'near')`,
    'OBJECT_DIFFERS',
    'foreign: server far',
    `alter server far options (set host 'far')`,
  ],
  [
    'a rule',
    `alter table shop.parent disable rule quiet`,
    'OBJECT_DIFFERS',
    'rules: shop.parent quiet',
    `alter table shop.parent enable rule quiet`,
  ],
  [
    'a partition',
    `alter table shop.orders detach partition shop.orders_old`,
    'OBJECT_DIFFERS',
    'tables: shop.orders_old',
    `alter table shop.orders attach partition shop.orders_old for values from ('2020-01-01') to ('2025-01-01')`,
  ],
  [
    'statistics',
    `drop statistics shop.paired`,
    'OBJECT_MISSING',
    'statistics: shop.paired',
    `create statistics shop.paired on mood, name from shop.customers`,
  ],
  [
    'a cast',
    `drop cast (shop.mood as integer)`,
    'OBJECT_MISSING',
    'casts: shop.mood as integer',
    `create cast (shop.mood as integer) with inout`,
  ],
  ['a schema', `drop schema secret`, 'OBJECT_MISSING', 'schemas: secret', `create schema secret`],
])('%s is noticed in a restored copy', async (_, damage, code, object, repair) => {
  await copy.client.query(damage)
  try {
    const { verdict, findings } = await compared()
    expect(findings).toContainEqual(expect.objectContaining({ code, object, verdict: 'fail' }))
    expect(verdict).toBe('fail')
  } finally {
    await copy.client.query(repair)
  }
})

test('after all of that the copy is as it was: nothing was noticed by chance', async () => {
  expect(await compared()).toMatchObject({ verdict: 'pass' })
})

test('a stale view of a dump is told, and is no damage', async () => {
  await copy.client
    .query(`insert into shop.orders (customer, at, amount, number) values (1, '2029-12-01', 5, 1); refresh materialized view shop.sums;
    delete from shop.orders where at = '2029-12-01'`)
  const { verdict, findings } = await compared()
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'VIEW_REFRESHED', object: 'shop.sums', verdict: 'pass' }),
  )
  expect(verdict).toBe('pass')
  const physical = compareFingerprints(expected, await fingerprintOf(copy), { copy: 'physical' })
  expect(physical.findings).toContainEqual(expect.objectContaining({ code: 'CONTENT_DIFFERS', object: 'shop.sums' }))
  await copy.client.query('refresh materialized view shop.sums')
})

test('rows that a policy hides, and tables that the role may not read, are unread and never absent', async () => {
  await copy.client
    .query(`create role fp_limited login password 'fp_limited-secret'; grant usage on schema shop to fp_limited;
    grant select on all tables in schema shop to fp_limited; revoke select on shop.heap from fp_limited`)
  const { connect } = await import('../../../../adapters/postgres/connect')
  const open = () => connect({ ...database.endpoint, database: 'copy' }, database.login('fp_limited'), 20_000)
  const limited = await fingerprintOf({ open })
  expect(limited.unread).toEqual(
    expect.arrayContaining([
      { table: 'shop.customers', code: '42501' },
      { table: 'shop.heap', code: '42501' },
      { table: 'pg_catalog.pg_largeobject', code: '42501' },
    ]),
  )
  expect(tableIn(limited, 'shop.parent')).toEqual(tableIn(expected, 'shop.parent'))
  const { verdict } = compareFingerprints(expected, limited, { copy: 'logical', leaveOut: ['roles', 'grants'] })
  expect(verdict).toBe('inconclusive')
  await copy.client.query('drop owned by fp_limited; drop role fp_limited')
})

test('a table that is truncated after the snapshot is not taken for an empty one', async () => {
  await source.client.query('create table shop.short as select generate_series(1, 10) as a')
  const holder = await source.open()
  await holder.query('begin isolation level repeatable read read only')
  const { rows } = await holder.query<{ snapshot: string }>('select pg_export_snapshot() as snapshot')
  const { snapshot } = rows[0]!
  expect(tableIn(await fingerprintOf(source, { snapshot }), 'shop.short')).toMatchObject({ rows: '10' })
  await source.client.query('truncate shop.short')
  const after = await fingerprintOf(source, { snapshot })
  expect(after.unread).toEqual([{ table: 'shop.short', code: 'REWRITTEN' }])
  await holder.end()
  await source.client.query('drop table shop.short')
})

test('it is of one moment, however long it takes, and a migration waits for one piece at most', async () => {
  await source.client.query(
    'create table shop.moving (id int primary key, v int); insert into shop.moving select n, n from generate_series(1, 2000) n',
  )
  const before = tableIn(await fingerprintOf(source), 'shop.moving')
  let written = false
  const during = await fingerprintOf(source, {
    pace: { megabytesPerSecond: 0.02, pieceSecondsAtMost: 1 },
    onProgress: () => {
      if (written) return
      written = true
      void source.client.query('update shop.moving set v = v + 1; alter table shop.moving add column later int')
    },
  })
  expect(written).toBe(true)
  expect(tableIn(during, 'shop.moving')).toEqual(before)
  const after = tableIn(await fingerprintOf(source), 'shop.moving')
  expect(after).not.toEqual(before)
  await source.client.query('drop table shop.moving')
})

test('a table that somebody holds is unread, not waited for for ever', async () => {
  const holder = await source.open()
  await holder.query('begin; lock table shop.child in access exclusive mode')
  expect((await fingerprintOf(source, { lockWaitMs: 200 })).unread).toEqual([{ table: 'shop.child', code: '55P03' }])
  await holder.end()
})

test('sequences that ran until a dump had read them are ahead of the snapshot, and that is no damage', async () => {
  const start = await fingerprintOf(source)
  await source.client.query(`select nextval('shop.number') from generate_series(1, 10)`)
  const end = await sequencesUntilNow(source.client, start)
  const later = await fingerprintOf(source)
  expect(compareFingerprints(end, later, { copy: 'logical' })).toMatchObject({ verdict: 'pass', findings: [] })
  // Nobody saw it run: that is not a pass.
  expect(compareFingerprints(start, later, { copy: 'logical' })).toMatchObject({ verdict: 'inconclusive' })
  expect(compareFingerprints(later, start, { copy: 'logical' }).findings).toMatchObject([{ code: 'SEQUENCE_BEHIND' }])
  await source.client.query(`select setval('shop.number', 7496)`)
})

test('parts of a table add up to it', () => {
  const parts = ['shop.orders_old', 'shop.orders_new'].map((name) => tableIn(expected, name)!)
  expect(together(parts).rows).toBe('1500')
})

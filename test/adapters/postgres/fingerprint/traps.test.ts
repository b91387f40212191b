import type { Client } from 'pg'
import { takeBaseline } from '../../../../adapters/postgres/fingerprint/baseline'
import { ALIAS } from '../../../../adapters/postgres/fingerprint/record'
import { sameContent, type Content } from '../../../../core/integrity/fingerprint'
import { startDatabase, type TestDatabase } from '../database'
import { scratchDatabase, type Scratch } from './contents'

/** What hides a difference, or shows one where there is none: section 4.2 of the measurements, each on a real server. */

let database: TestDatabase
let scratch: Scratch
let client: Client
beforeAll(async () => {
  database = await startDatabase()
  scratch = await scratchDatabase(database, await database.session('postgres'), 'traps')
  client = scratch.client
  await client.query(`create extension citext; create type mood as enum ('well', 'ill');
    create type dose as (amount numeric, taken boolean); create type holder as (document json);
    -- As clusters have it that were made before November 2023 (PostgreSQL 16.1 and its like), whatever they were updated to.
    insert into pg_amproc (oid, amprocfamily, amproclefttype, amprocrighttype, amprocnum, amproc)
      select 99999, opcfamily, opcintype, opcintype, 4, 'btequalimage'::regproc from pg_opclass join pg_am on pg_am.oid = opcmethod
      where opcname = 'interval_ops' and amname = 'btree';
    create domain note as json; create domain price as numeric; create domain code as varchar(20); create domain padded as char(10);
    create collation anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create domain anycase_text as text collate anycase;
    create type span as range (subtype = numeric)`)
}, 60_000)
afterAll(async () => {
  await client?.end()
  await database?.remove()
})
afterEach(() => client.query('drop schema if exists one cascade; drop schema if exists other cascade'))

/** Contents of two tables, each made by what follows `create table`. */
async function contents(one: string, other: string): Promise<[Content, Content]> {
  await client.query(`create schema one; create schema other; create table one.t ${one}; create table other.t ${other}`)
  const [first, second] = await takeBaseline(client, ['one.t', 'other.t'])
  return [first!, second!]
}

const same = async (one: string, other: string): Promise<boolean> => {
  const [first, second] = await contents(one, other)
  expect(first.rows).not.toBe('0')
  return sameContent(first, second)
}

test('two rows that swapped a value differ from what they were', async () =>
  expect(await same(`as values (1, 'a'), (2, 'b')`, `as values (1, 'b'), (2, 'a')`)).toBe(false))

test('a value that moved from one column to the other is seen', async () =>
  expect(await same(`as values (1, 2)`, `as values (2, 1)`)).toBe(false))

test('rows that are there twice count twice', async () => {
  expect(await same(`as values (1), (1), (2)`, `as values (1), (2), (2)`)).toBe(false)
})

test('of a row doubled an even number of times nothing cancels out', async () =>
  expect(await same(`as values (1), (1), (2)`, `as values (3), (3), (2)`)).toBe(false))

test('the order in which rows lie makes no difference', async () =>
  expect(
    await same(
      `as select n, n::text as t from generate_series(1, 500) n`,
      `as select n, n::text as t from generate_series(500, 1, -1) n`,
    ),
  ).toBe(true))

test('null is no empty string, and no text that says null', async () => {
  expect(await same(`as values (null::text, 'x')`, `as values ('', 'x')`)).toBe(false)
})
test('nulls in other columns are other rows', async () =>
  expect(await same(`as values (null::int, 1)`, `as values (1, null::int)`)).toBe(false))

test.each([ALIAS, 't', 'row', 'a"b', 'Größe'])('a column that is called %p hides no other column', async (name) => {
  const quoted = `"${name.replaceAll('"', '""')}"`
  expect(await same(`as select 1 as ${quoted}, 2 as second`, `as select 1 as ${quoted}, 3 as second`)).toBe(false)
})

/** Values that are equal to the server and yet are not the same content. */
test.each([
  ['the scale of a number', `1.0::numeric`, `1.00::numeric`],
  ['the scale of a number in a domain', `1.0::price`, `1.00::price`],
  ['the scale of a number in an array', `array[1.0]`, `array[1.00]`],
  ['the scale of a number in a range', `'[1.0,2.0]'::numrange`, `'[1.00,2.0]'::numrange`],
  ['the scale of a number in a range of the user', `'[1.0,2.0]'::span`, `'[1.00,2.0]'::span`],
  ['the scale of a number in a record', `(1.0, true)::dose`, `(1.00, true)::dose`],
  ['the scale of a number in a document', `'{"a": 1}'::jsonb`, `'{"a": 1.0}'::jsonb`],
  ['the half of a time that is hashed with the other half', `'00:00'::time`, `'01:11:34.967297'::time`],
  ['the same of a moment', `'2000-01-01 00:00'::timestamp`, `'2000-01-01 01:11:34.967297'::timestamp`],
  ['the same of a moment of a zone', `'2000-01-01 00:00Z'::timestamptz`, `'2000-01-01 01:11:34.967297Z'::timestamptz`],
  ['the same of a place in the log', `'0/1'::pg_lsn`, `'1/0'::pg_lsn`],
  ['the same of a transaction', `'1'::xid8`, `'4294967296'::xid8`],
  ['a letter of a code of fixed length in a domain', `'AB'::padded`, `'AX'::padded`],
  ['the half of a long number that is hashed with the other half', `1::bigint`, `4294967296::bigint`],
  ['the same below zero', `5::bigint`, `-4294967291::bigint`],
  ['zero below zero', `0.0::float8`, `-0.0::float8`],
  ['zero below zero in an array', `array[0.0::float4]`, `array[-0.0::float4]`],
  ['a day of 24 hours', `'24:00'::interval`, `'1 day'::interval`],
  ['30 days of a month', `'30 days'::interval`, `'1 mon'::interval`],
  ['letters of a case-insensitive text', `'a'::citext`, `'A'::citext`],
  ['letters under a collation that does not tell them', `'a'::text collate anycase`, `'A'::text collate anycase`],
  ['letters under the collation of a domain', `'a'::anycase_text`, `'A'::anycase_text`],
  ['blanks at the end of a text of no given length', `'a'::bpchar`, `'a  '::bpchar`],
  ['the shape of an array', `array[1, 2]`, `array[[1, 2]]`],
  ['the bounds of an array', `array[1, 2]`, `'[0:1]={1,2}'::int[]`],
  ['the zone of a time', `'12:00+00'::timetz`, `'13:00+01'::timetz`],
  ['a white space in a document kept as text', `'{"a":1}'::json`, `'{"a": 1}'::json`],
])('%s is seen', async (_, one, other) =>
  expect(await same(`as select ${one} as v`, `as select ${other} as v`)).toBe(false),
)

/** Types without a hash function of their own, alone and wherever they may be inside of another. */
test.each([
  [`'{"a":1}'::json`, `'{"a":2}'::json`],
  [`'<a/>'::xml`, `'<b/>'::xml`],
  [`'(1,2)'::point`, `'(1,3)'::point`],
  [`'((0,0),(1,1))'::polygon`, `'((0,0),(1,2))'::polygon`],
  [`'((0,0),(1,1))'::path`, `'[(0,0),(1,1)]'::path`],
  [`'(1,1),(0,0)'::box`, `'(1,2),(0,0)'::box`],
  [`'{1,2,3}'::line`, `'{1,2,4}'::line`],
  [`'[(0,0),(1,1)]'::lseg`, `'[(0,0),(1,2)]'::lseg`],
  [`'<(0,0),1>'::circle`, `'<(0,0),2>'::circle`],
  [`'a b'::tsvector`, `'a c'::tsvector`],
  [`'a & b'::tsquery`, `'a | b'::tsquery`],
  [`B'101'`, `B'100'`],
  [`B'101'::varbit`, `B'10'::varbit`],
  [`1.5::money`, `1.25::money`],
  [`'$.a'::jsonpath`, `'$.b'::jsonpath`],
  [`'10.0.0.0/8'::cidr`, `'10.0.0.0/9'::cidr`],
  [`'a'::varchar`, `'b'::varchar`],
  [`'a'::code`, `'b'::code`],
  [`'{"a":1}'::note`, `'{"a":2}'::note`],
  [`array['{"a":1}'::json]`, `array['{"a":2}'::json]`],
  [`array['{"a":1}'::note]`, `array['{"a":2}'::note]`],
  [`row('{"a":1}'::json)::holder`, `row('{"a":2}'::json)::holder`],
  [`array[row('{"a":1}'::json)::holder]`, `array[row('{"a":2}'::json)::holder]`],
  [`'{[1,2]}'::nummultirange`, `'{[1,3]}'::nummultirange`],
  [`'well'::mood`, `'ill'::mood`],
  [`'{"a": [1, null]}'::jsonb`, `'{"a": [1, 2]}'::jsonb`],
  [`'pg_class'::regclass`, `'pg_type'::regclass`],
  [`'0/1'::pg_lsn`, `'0/2'::pg_lsn`],
  [`'10.0.0.1'::inet`, `'10.0.0.2'::inet`],
  [`'[1,2)'::int4range`, `'[1,3)'::int4range`],
])('%s is told from %s, and from itself by nothing', async (one, other) => {
  expect(await same(`as select ${one} as v`, `as select ${other} as v`)).toBe(false)
  await client.query('drop schema one cascade; drop schema other cascade')
  expect(await same(`as select ${one} as v`, `as select ${one} as v`)).toBe(true)
})

test('settings of a session, a role or a database change nothing', async () => {
  const values = `as select array[timestamptz '2026-03-01 12:00+03'] as a, 0.1::float8 as b, array['1 day 2:03'::interval] as c,
    array['\\x00ff'::bytea] as d, 12.5::money as e, array[date '2026-03-01'] as f, array[1e-7::float4] as g, 'pg_class'::regclass as h`
  await client.query(`create schema one; create table one.t ${values}`)
  const before = await takeBaseline(client, ['one.t'])
  const other = await scratch.open()
  for (const setting of [
    `timezone = 'America/Sao_Paulo'`,
    `datestyle = 'German, DMY'`,
    `intervalstyle = 'sql_standard'`,
    `extra_float_digits = -5`,
    `bytea_output = 'escape'`,
    `search_path = one, pg_catalog`,
    `quote_all_identifiers = on`,
  ])
    await other.query(`set ${setting}`)
  expect(await takeBaseline(other, ['one.t'])).toEqual(before)
  await other.end()
})

test('a server in another language writes money as everywhere', async () => {
  await client.query(`create schema one; create table one.t as select 1234.5::money as v`)
  const before = await takeBaseline(client, ['one.t'])
  const { rows } = await client.query<{ name: string }>(
    `select collname as name from pg_collation where collprovider = 'c' and collcollate ~ '^(de|pt|en)_' limit 1`,
  )
  await client.query(`set lc_monetary = '${rows[0]?.name ?? 'C'}'`)
  expect(await takeBaseline(client, ['one.t'])).toEqual(before)
  await client.query('reset lc_monetary')
})

test('a table of no column, and one without a row, have a content', async () => {
  await client.query(`create schema one; create table one.none (); insert into one.none default values; insert into one.none default values;
    create table one.empty (a int)`)
  const [none, empty] = await takeBaseline(client, ['one.none', 'one.empty'])
  expect(none).toMatchObject({ rows: '2' })
  expect(empty).toMatchObject({ rows: '0', hash: '0/0' })
})

test('a table of the most columns that there can be is hashed to its last one', async () => {
  const columns = (last: string) =>
    `as select ${Array.from({ length: 1599 }, (_, at) => `null::numeric as c${at}`).join(', ')}, ${last}::numeric as c1599`
  expect(await same(columns('1.0'), columns('1.00'))).toBe(false)
})

test('a column that was dropped or added later leaves the content of the others as it is', async () => {
  await client.query(`create schema one; create schema other;
    create table one.t (gone int, a int, b text); insert into one.t select n, n, 'x' from generate_series(1, 50) n;
    alter table one.t drop column gone; alter table one.t add column c numeric(6, 2) default 1.50;
    create table other.t (a int, b text, c numeric(6, 2)); insert into other.t select n, 'x', 1.50 from generate_series(1, 50) n`)
  const [one, other] = await takeBaseline(client, ['one.t', 'other.t'])
  expect(other).toMatchObject({ rows: one!.rows, hash: one!.hash, columns: one!.columns })
})

test('a virtual column is no content, and a stored one is', async () => {
  expect(
    await same(
      `(a int, v int generated always as (a + 1) virtual); insert into one.t values (1)`,
      `(a int); insert into other.t values (1)`,
    ),
  ).toBe(true)
  await client.query('drop schema one cascade; drop schema other cascade')
  expect(
    await same(
      `(a int, v int generated always as (a + 1) stored); insert into one.t values (1)`,
      `(a int); insert into other.t values (1)`,
    ),
  ).toBe(false)
})

test('inherited rows belong to the table that holds them, and a partitioned table has those of its partitions', async () => {
  await client.query(`create schema one; create table one.parent (a int); create table one.child () inherits (one.parent);
    insert into one.parent values (1); insert into one.child values (2);
    create table one.whole (a int) partition by range (a); create table one.low partition of one.whole for values from (0) to (10);
    create table one.high partition of one.whole for values from (10) to (20); insert into one.whole select generate_series(0, 19)`)
  const [parent, whole, low, high] = await takeBaseline(client, ['one.parent', 'one.whole', 'one.low', 'one.high'])
  expect(parent!.rows).toBe('1')
  expect([whole!.rows, low!.rows, high!.rows]).toEqual(['20', '10', '10'])
  expect(whole!.hash).not.toBe(low!.hash)
})

test('values of more than a gigabyte in one table are hashed, and memory is not what it takes', async () => {
  // An aggregated text ends at 1 GB (MaxAllocSize). A text that repeats itself needs no room on the disk, and is copied as it lies.
  await client.query(`create schema one; create table one.t (v text);
    insert into one.t values (repeat('synthetic ', 100000)); insert into one.t select v from one.t, generate_series(1, 1100)`)
  expect((await takeBaseline(client, ['one.t']))[0]).toMatchObject({ rows: '1101' })
}, 120_000)

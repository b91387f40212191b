import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../adapters/postgres/connect'
import { fingerprintForm } from '../../core/backup/fingerprint-form'
import { startDatabase, type TestDatabase } from '../adapters/postgres/database'
import { recovery } from './recovery'

const CONTENT = `create table people (id bigint generated always as identity primary key, name text);
  insert into people (name) select 'CANARY ' || n from generate_series(1, 100) n; create table notes (line text); insert into notes values ('CANARY')`

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await startDatabase('localhost')
  folder = await mkdtemp(join(tmpdir(), 'fingerprint-'))
  await writeFile(join(folder, 'authorities.pem'), database.endpoint.authority)
  const owner = await database.session('postgres')
  for (const name of ['original', 'copy']) {
    await owner.query(`create database ${name}`)
    await statement(name, CONTENT)
  }
}, 60_000)
afterAll(async () => {
  await database?.remove()
  await rm(folder, { recursive: true, force: true })
})

async function statement(name: string, sql: string): Promise<void> {
  const client = await connect({ ...database.endpoint, database: name }, database.login('postgres'), 20_000)
  await client.query(sql)
  await client.end()
}

const url = (name: string) => {
  const { user, password } = database.login('postgres')
  const authorities = join(folder, 'authorities.pem')
  return `postgres://${user}:${password}@localhost:${database.endpoint.port}/${name}?sslrootcert=${authorities}`
}

test('a fingerprint is one JSON document without a value or a password, which the next command takes as the source', async () => {
  const { code, out, err } = await recovery('fingerprint', url('original'), '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const taken = fingerprintForm.parse(JSON.parse(out))
  expect(taken.tables.find(({ table }) => table === 'public.people')).toMatchObject({ rows: '100', key: ['id'] })
  expect(out).not.toContain('CANARY')
  expect(out).not.toContain(database.login('postgres').password)
  const file = join(folder, 'fingerprint.json')
  await writeFile(file, out)
  const compared = await recovery('compare', '--source', file, '--against', url('copy'), '--json')
  expect(compared.code).toBe(0)
  expect(JSON.parse(compared.out)).toMatchObject({ verdict: 'pass', differences: [] })
})

test('a copy that has the same passes, one that has not fails, and the rows are named', async () => {
  const compare = () => recovery('compare', '--source', url('original'), '--against', url('copy'))
  expect(await compare()).toMatchObject({ code: 0, out: expect.stringContaining('pass: ') })
  await statement('copy', `update people set name = 'CANARY 0' where id = 42`)
  const { code, out, err } = await compare()
  expect(code).toBe(1)
  expect(out).toContain('FAIL  CONTENT_DIFFERS public.people')
  expect(out).toMatch(/changed key 42 in bucket \d+ of 4096/)
  expect(out + err).not.toContain('CANARY')
  await statement('copy', `update people set name = 'CANARY 42' where id = 42`)
})

test('a source that is no file and no database, and a kind that nobody knows, are refused', async () => {
  const missing = await recovery(
    'compare',
    '--source',
    join(folder, 'nothing.json'),
    '--against',
    url('copy'),
    '--json',
  )
  expect(JSON.parse(missing.out)).toMatchObject({ error: { code: 'FINGERPRINT_FORM' } })
  const unknown = await recovery(
    'compare',
    '--source',
    url('copy'),
    '--against',
    url('copy'),
    '--leave-out',
    'colours',
    '--json',
  )
  expect(JSON.parse(unknown.out)).toMatchObject({ error: { code: 'INPUT_REFUSED' } })
})

test('what is left out is not compared', async () => {
  await statement('copy', `comment on table people is 'another'`)
  const args = ['compare', '--source', url('original'), '--against', url('copy')]
  expect((await recovery(...args)).code).toBe(1)
  expect((await recovery(...args, '--leave-out', 'comments')).code).toBe(0)
  await statement('copy', `comment on table people is null`)
})

test('pages and indexes are looked at where that is asked, and a pass needs the extension that can', async () => {
  const deep = () =>
    recovery('compare', '--source', url('original'), '--against', url('copy'), '--deep', '--leave-out', 'extensions')
  expect(await deep()).toMatchObject({ code: 2, out: expect.stringContaining('AMCHECK_MISSING') })
  await statement('copy', 'create extension amcheck')
  expect(await deep()).toMatchObject({ code: 0 })
  await statement('copy', 'drop extension amcheck')
})

test('a database that does not answer is neither the same nor different, and its password stays where it is', async () => {
  const gone = 'postgres://role:CANARY@127.0.0.1:1/nothing'
  const { code, out, err } = await recovery('compare', '--source', gone, '--against', url('copy'), '--json')
  expect(code).toBe(2)
  expect(JSON.parse(out)).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'NOT_ANSWERED' }] })
  expect(out + err).not.toContain('CANARY')
})

test('a table that may not be read makes the fingerprint incomplete, and the program says so by its end', async () => {
  await statement('copy', `create role limited login password 'limited-secret'; grant select on people to limited`)
  const limited = url('copy').replace(/\/\/[^@]*@/, '//limited:limited-secret@')
  const { code, out } = await recovery('fingerprint', limited)
  expect(code).toBe(2)
  expect(out).toContain('UNREAD  public.notes (42501)')
  await statement('copy', 'drop owned by limited; drop role limited')
})

test('the plan of a size needs no database, and none of its pieces nears the quarter of an hour of a function', async () => {
  const { code, out } = await recovery('fingerprint', '--plan', '--gigabytes', '5000', '--json')
  expect(code).toBe(0)
  const { pieces, longestPieceSeconds } = JSON.parse(out)
  expect(longestPieceSeconds).toBeLessThanOrEqual(300)
  expect(pieces.length).toBeGreaterThan(200)
  expect((await recovery('fingerprint', '--plan', url('original'))).out).toContain('public.people')
  expect((await recovery('fingerprint', '--plan', '--json')).out).toContain('SIZE_MISSING')
})

import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { VirtualClock } from '../../../adapters/memory/clock'
import { fetchClient } from '../../../adapters/local/postgres-client-package'
import { MemoryDumpArchive } from '../../../adapters/memory/dump-archive'
import { grantArchiveRole, ARCHIVE_ROLE } from '../../../adapters/postgres/archive-role'
import { connect, destroy } from '../../../adapters/postgres/connect'
import { PostgresDumpSource, type DumpSettings } from '../../../adapters/postgres/dump'
import { takeBaseline } from '../../../adapters/postgres/fingerprint/baseline'
import { dumpManifest, dumpToArchive } from '../../../core/archive/dump'
import { PortError } from '../../../core/ports/errors'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { startDatabase, type TestDatabase } from './database'

const TABLES = ['clinic.patients', 'clinic.records']
const SCHEDULED = new Date('2026-11-29T08:00:00.000Z')

let database: TestDatabase
let owner: Client
let programs: string
let folder: string
let settings: DumpSettings
beforeAll(async () => {
  programs = await fetchClient()
  database = await startDatabase()
  owner = await database.session('postgres')
  await grantArchiveRole(owner)
  await owner.query(`alter role ${ARCHIVE_ROLE} password '${database.login(ARCHIVE_ROLE).password}'`)
  folder = await mkdtemp(join(tmpdir(), 'dump-'))
  const authorities = join(folder, 'authorities.pem')
  await writeFile(authorities, database.endpoint.authority)
  settings = {
    endpoint: database.endpoint,
    authorities,
    program: join(programs, 'pg_dump'),
    login: async () => database.login(ARCHIVE_ROLE),
    lockWaitMs: 60_000,
  }
}, 120_000)
afterAll(async () => {
  await database?.remove()
  await rm(folder, { recursive: true, force: true })
})

function worldOf(
  overrides: Partial<DumpSettings> = {},
  tables: readonly string[] = TABLES,
  archive = new MemoryDumpArchive(),
  financial: readonly string[] = [],
) {
  const drafts: EvidenceDraft[] = []
  const run = () =>
    dumpToArchive(
      {
        source: new PostgresDumpSource({ ...settings, ...overrides }),
        archive,
        evidence: { append: async (draft) => (drafts.push(draft), { id: draft.key, sequence: 0, hash: 'f' }) },
        clock: new VirtualClock(SCHEDULED),
        environment: 'test',
        tables: new Map([
          ['phi', tables],
          ['financial', financial],
        ]),
      },
      SCHEDULED,
    )
  const manifest = () => JSON.parse(archive.text('phi', dumpManifest(SCHEDULED)))
  return { run, archive, drafts, manifest }
}

const restored = async (plain: Buffer, name: string): Promise<Client> => {
  await owner.query(`create database ${name}`)
  const { endpoint, authorities } = settings
  const target = `host=${endpoint.name} hostaddr=${endpoint.host} port=${endpoint.port} dbname=${name} user=postgres sslmode=verify-full sslrootcert=${authorities}`
  const restore = spawn(
    join(programs, 'pg_restore'),
    ['--exit-on-error', '--section=pre-data', '--section=data', '--no-owner', '--no-privileges', `--dbname=${target}`],
    {
      env: { PGPASSWORD: database.login('postgres').password },
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
  restore.stdin.end(plain)
  let complaint = ''
  for await (const chunk of restore.stderr) complaint += String(chunk)
  expect(complaint).toBe('')
  return connect({ ...endpoint, database: name }, database.login('postgres'), 5000)
}

test('what was dumped and kept holds the very rows of the snapshot once it is restored, whatever was written meanwhile', async () => {
  const { run, archive, drafts, manifest } = worldOf()
  const contents = async (client: Client) =>
    (await takeBaseline(client, TABLES)).map(({ table, rows, hash }) => ({ table, rows, hash }))
  const before = await contents(owner)
  archive.onKeep = async () => void (await owner.query(`update clinic.patients set phone = 'later' where id = 1`))
  expect(await run()).toEqual([{ dataClass: 'phi', state: 'dumped' }])
  const told = manifest()
  expect(told.tables).toEqual(before)
  const kept = archive.bytes('phi', told.key)
  expect(told).toMatchObject({ bytes: kept.length, sha256: createHash('sha256').update(kept).digest('hex') })
  expect(drafts).toMatchObject([{ outcome: 'succeeded', measurements: { bytes: kept.length, tables: 2 } }])

  const copy = await restored(Buffer.from(kept), 'restored_dump')
  expect(await contents(copy)).toEqual(before)
  // And not what was written after the snapshot.
  expect(await contents(owner)).not.toEqual(before)
  destroy(copy)
}, 60_000)

test('nothing of a patient is told of a dump', async () => {
  const { run, drafts, manifest } = worldOf()
  await owner.query(`update clinic.patients set phone = 'CANARY-PHONE' where id = 2`)
  await run()
  expect(JSON.stringify([manifest(), drafts])).not.toContain('CANARY')
})

test('a default by a sequence that no column owns is restored too', async () => {
  await owner.query(`create sequence clinic.chart_number; create table clinic.charts
    (id bigint primary key, number bigint not null default nextval('clinic.chart_number')); insert into clinic.charts (id) values (1)`)
  await owner.query(`grant select on clinic.charts to ${ARCHIVE_ROLE}`)
  const { run, archive, manifest } = worldOf({}, ['clinic.charts'])
  await run()
  const copy = await restored(Buffer.from(archive.bytes('phi', manifest().key)), 'restored_default')
  expect((await copy.query('select number from clinic.charts')).rows).toEqual([{ number: '1' }])
  destroy(copy)
  await owner.query('drop table clinic.charts; drop sequence clinic.chart_number')
}, 60_000)

test('rows that a policy hides from the role are an error, never a dump without them', async () => {
  await owner.query('create table clinic.hidden (id bigint primary key); insert into clinic.hidden values (1)')
  await owner.query('alter table clinic.hidden enable row level security')
  const { run, archive } = worldOf({}, ['clinic.hidden'])
  await expect(run()).rejects.toMatchObject({ failure: 'denied', code: '42501' })
  expect(archive.kept.size).toBe(0)
  await owner.query('drop table clinic.hidden')
})

test('limits for sessions of the application do not end a dump of several classes', async () => {
  await owner.query(`alter role ${ARCHIVE_ROLE} set idle_in_transaction_session_timeout = '150ms'`)
  const archive = new MemoryDumpArchive()
  archive.onKeep = () => new Promise((resolve) => void setTimeout(resolve, 400))
  const { run } = worldOf({}, ['clinic.records'], archive, ['clinic.invoices'])
  expect(await run()).toHaveLength(2)
  await owner.query(`alter role ${ARCHIVE_ROLE} reset idle_in_transaction_session_timeout`)
})

test('a migration need not wait for a dump that is being kept', async () => {
  const { run, archive } = worldOf()
  archive.onKeep = async () => {
    const held = await owner.query(
      `select from pg_locks l join pg_stat_activity a using (pid)
       where a.usename = '${ARCHIVE_ROLE}' and a.application_name <> 'pg_dump' and l.relation = 'clinic.patients'::regclass`,
    )
    expect(held.rowCount).toBe(0)
  }
  await run()
})

test('no table of another class comes along', async () => {
  const { run, archive, manifest } = worldOf()
  await run()
  const listing = spawn(join(programs, 'pg_restore'), ['--list'], { stdio: ['pipe', 'pipe', 'inherit'] })
  listing.stdin.end(archive.bytes('phi', manifest().key))
  let list = ''
  for await (const chunk of listing.stdout) list += String(chunk)
  const data = list.split('\n').filter((line) => line.includes('TABLE DATA'))
  expect(data.map((line) => line.split(' ').slice(-3, -1).join('.')).toSorted()).toEqual(TABLES)
})

test('an archive that stops taking ends the dump, and the program with it', async () => {
  const { run, archive } = worldOf()
  archive.keep = async (_dataClass, _key, bytes) => {
    for await (const chunk of bytes) if (chunk.length > 0) throw new PortError('unreachable', 'ECONNRESET', 'gone')
  }
  await expect(run()).rejects.toMatchObject({ code: 'ECONNRESET' })
  const programsLeft = async () =>
    (await owner.query(`select from pg_stat_activity where application_name = 'pg_dump'`)).rowCount
  for (const until = Date.now() + 10_000; (await programsLeft()) !== 0 && Date.now() < until;)
    await new Promise((resolve) => void setTimeout(resolve, 50))
  expect(await programsLeft()).toBe(0)
})

test.each([
  ['a table that does not exist', {}, ['clinic.patients', 'clinic.nowhere']],
  ['a program that ends badly', { program: '/bin/false' }, TABLES],
  ['a program that is not there', { program: '/nowhere/pg_dump' }, TABLES],
])('%s leaves no dump, no manifest and no evidence', async (_, overrides, tables) => {
  const { run, archive, drafts } = worldOf(overrides, tables)
  await expect(run()).rejects.toThrow()
  expect([...archive.kept.keys()]).toEqual([])
  expect(drafts).toEqual([])
})

test('a table that somebody holds for too long ends the dump', async () => {
  const holder = await database.session('postgres')
  await holder.query('begin; lock table clinic.records in access exclusive mode')
  const { run, archive } = worldOf({ lockWaitMs: 200 })
  await expect(run()).rejects.toMatchObject({ failure: 'conflict', code: '55P03' })
  expect(archive.kept.size).toBe(0)
  destroy(holder)
})

test('its role reads every table and changes none', async () => {
  const client = await connect(database.endpoint, database.login(ARCHIVE_ROLE), 5000)
  await expect(client.query('select count(*) from clinic.records')).resolves.toBeDefined()
  await client.query('set default_transaction_read_only = off')
  await expect(client.query(`update clinic.patients set phone = 'x'`)).rejects.toMatchObject({ code: '42501' })
  destroy(client)
})

test('a run that is tried again keeps what it has', async () => {
  const { run, archive } = worldOf()
  await run()
  const kept = [...archive.kept.keys()]
  expect(await run()).toEqual([{ dataClass: 'phi', state: 'held' }])
  expect([...archive.kept.keys()]).toEqual(kept)
})

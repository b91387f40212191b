import { randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import type { Client } from 'pg'
import { EncryptionSdkSealer } from '../../../adapters/encryption-sdk-sealer'
import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryDumpArchive } from '../../../adapters/memory/dump-archive'
import { grantArchiveRole, ARCHIVE_ROLE } from '../../../adapters/postgres/archive-role'
import { connect, destroy } from '../../../adapters/postgres/connect'
import { PostgresDumpSource, type DumpSettings } from '../../../adapters/postgres/dump'
import { fingerprint } from '../../../adapters/postgres/fingerprint'
import { dumpManifest, dumpToArchive } from '../../../core/archive/dump'
import { PortError } from '../../../core/ports/errors'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { clientPrograms } from './client-programs'
import { startDatabase, type TestDatabase } from './database'

const TABLES = ['clinic.patients', 'clinic.records']
const SCHEDULED = new Date('2026-11-29T08:00:00.000Z')
const KEY = randomBytes(32)
const keyring = () =>
  new RawAesKeyringNode({
    keyName: 'test',
    keyNamespace: 'test',
    // A copy: the SDK takes what it is given, and leaves zeros behind.
    unencryptedMasterKey: Uint8Array.from(KEY),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  })

let database: TestDatabase
let owner: Client
let programs: string
let folder: string
let settings: DumpSettings
beforeAll(async () => {
  programs = await clientPrograms()
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

function worldOf(overrides: Partial<DumpSettings> = {}, tables: readonly string[] = TABLES) {
  const archive = new MemoryDumpArchive()
  const drafts: EvidenceDraft[] = []
  const run = () =>
    dumpToArchive(
      {
        source: new PostgresDumpSource({ ...settings, ...overrides }),
        sealer: new EncryptionSdkSealer(keyring()),
        archive,
        evidence: { append: async (draft) => (drafts.push(draft), { id: draft.key, sequence: 0, hash: 'f' }) },
        clock: new VirtualClock(SCHEDULED),
        environment: 'test',
        tables: new Map([['phi', tables]]),
      },
      SCHEDULED,
    )
  const manifest = () => JSON.parse(archive.text('phi', dumpManifest(SCHEDULED)))
  return { run, archive, drafts, manifest }
}

/** The dump in the clear again, and what it was sealed for. */
async function opened(sealed: Uint8Array) {
  const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const { plaintext, messageHeader } = await decrypt(keyring(), Buffer.from(sealed))
  return { plain: plaintext, context: messageHeader.encryptionContext }
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

test('what was dumped, sealed and kept holds the very rows of the snapshot once it is restored, whatever was written meanwhile', async () => {
  const { run, archive, drafts, manifest } = worldOf()
  const before = await fingerprint(owner, TABLES)
  archive.onKeep = async () => void (await owner.query(`update clinic.patients set phone = 'later' where id = 1`))
  expect(await run()).toEqual([{ dataClass: 'phi', state: 'dumped' }])
  const told = manifest()
  expect(told.tables).toEqual(before.map(({ table, rows, hash }) => ({ table, rows, hash })))
  const sealed = archive.bytes('phi', told.key)
  expect(told.sealed.bytes).toBe(sealed.length)
  expect(drafts).toMatchObject([{ outcome: 'succeeded', measurements: { bytes: sealed.length, tables: 2 } }])

  const { plain, context } = await opened(sealed)
  expect(context).toMatchObject({
    environment: 'test',
    dataClass: 'phi',
    key: told.key,
    position: told.context.position,
  })
  expect(plain.length).toBe(told.dump.bytes)
  const copy = await restored(plain, 'restored_dump')
  expect(await fingerprint(copy, TABLES)).toEqual(before)
  // And not what was written after the snapshot.
  expect(await fingerprint(owner, TABLES)).not.toEqual(before)
  destroy(copy)
}, 60_000)

test('nothing of a patient can be read in what is kept, nor in what is told of it', async () => {
  const { run, archive, drafts, manifest } = worldOf()
  await owner.query(`update clinic.patients set phone = 'CANARY-PHONE' where id = 2`)
  await run()
  const kept = Buffer.from(archive.bytes('phi', manifest().key))
  expect(kept.includes('CANARY-PHONE')).toBe(false)
  expect(kept.includes('COPY clinic')).toBe(false)
  expect(JSON.stringify([manifest(), drafts])).not.toContain('CANARY')
  // What is not in the clear there is in the dump all the same.
  expect((await opened(kept)).plain.length).toBe(manifest().dump.bytes)
})

test('no table of another class comes along', async () => {
  const { run, archive, manifest } = worldOf()
  await run()
  const { plain } = await opened(archive.bytes('phi', manifest().key))
  const listing = spawn(join(programs, 'pg_restore'), ['--list'], { stdio: ['pipe', 'pipe', 'inherit'] })
  listing.stdin.end(plain)
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

test('a changed byte is noticed when it is opened', async () => {
  const { run, archive, manifest } = worldOf()
  await run()
  const kept = Buffer.from(archive.bytes('phi', manifest().key))
  kept[kept.length - 200]! ^= 1
  await expect(opened(kept)).rejects.toThrow()
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

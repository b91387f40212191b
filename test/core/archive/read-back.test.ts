import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchClient } from '../../../adapters/local/postgres-client-package'
import { FolderDumpArchive } from '../../../adapters/local/folder-dump-archive'
import { independentReaders } from '../../../adapters/local/independent-readers'
import { VirtualClock } from '../../../adapters/memory/clock'
import { PostgresDumpSource } from '../../../adapters/postgres/dump'
import { dumpManifest, dumpToArchive } from '../../../core/archive/dump'
import { readBack, type ArchivePart, type ReadBackPart } from '../../../core/archive/read-back'
import { sha256 } from '../../../core/evidence'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { startDatabase, type TestDatabase } from '../../adapters/postgres/database'

const SCHEDULED = new Date('2026-11-29T08:00:00.000Z')
const TABLES = ['clinic.patients', 'clinic.prescriptions']
const MONTH = 'exports/2026-11/'
const FILES = {
  'clinic.patients': `${MONTH}archive-phi-2026-11-1/clinic/clinic.patients/1/part-00000.gz.parquet`,
  'clinic.prescriptions': `${MONTH}archive-phi-2026-11-1/clinic/clinic.prescriptions/1/part-00000.gz.parquet`,
}

let database: TestDatabase
let programs: string
let folder: string
let archive: FolderDumpArchive
let drafts: EvidenceDraft[]
beforeAll(async () => {
  programs = await fetchClient()
  database = await startDatabase()
}, 120_000)
afterAll(() => database?.remove())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-back-'))
  archive = new FolderDumpArchive(join(folder, 'archive'))
  drafts = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const evidence = {
  append: async (draft: EvidenceDraft) => (drafts.push(draft), { id: draft.key, sequence: 0, hash: 'f' }),
}

/** A real dump of a real database, as the archive's own task writes it. */
async function dump(): Promise<void> {
  const authorities = join(folder, 'authorities.pem')
  await writeFile(authorities, database.endpoint.authority)
  const source = new PostgresDumpSource({
    endpoint: database.endpoint,
    authorities,
    program: join(programs, 'pg_dump'),
    login: async () => database.login('postgres'),
    lockWaitMs: 60_000,
  })
  const world = { source, archive, evidence, clock: new VirtualClock(SCHEDULED), environment: 'test' }
  await dumpToArchive({ ...world, tables: new Map([['phi', TABLES]]) }, SCHEDULED)
}

/** An export of one file for each table, which somebody else's program has written (parquet/write.py), with its manifest. */
async function exported(): Promise<void> {
  const list: string[] = []
  let bytes = 0
  for (const [table, key] of Object.entries(FILES)) {
    const file = await readFile(join(__dirname, 'parquet', `${table.split('.')[1]}.gz.parquet`))
    await archive.keep('phi', key, chunks(file))
    list.push(`${key} ${file.length}\n`)
    bytes += file.length
  }
  const told = { task: 'archive-phi-2026-11-1', snapshot: 'arn', tables: TABLES, objects: 2, bytes }
  await archive.write('phi', `${MONTH}manifest.json`, JSON.stringify({ ...told, listHash: sha256(list.join('')) }))
}

async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

const read = (...parts: ArchivePart[]): Promise<ReadBackPart[]> =>
  readBack({
    archive,
    readers: independentReaders(programs),
    evidence,
    clock: new VirtualClock(SCHEDULED),
    classes: ['phi'],
    parts,
  })
const codesOf = (parts: readonly ReadBackPart[]) =>
  parts.flatMap(({ findings }) => findings.map(({ code, subject }) => `${code} ${subject.split('/').at(-1)}`))

const path = (key: string) => join(folder, 'archive', 'phi', key)
const spoil = async (key: string, change: (bytes: Buffer) => Buffer) =>
  writeFile(path(key), change(await readFile(path(key))))
const dumpKey = async () => {
  const { key } = JSON.parse(await readFile(path(dumpManifest(SCHEDULED)), 'utf8')) as { key: string }
  return key
}
const told = async (change: (text: string) => string) => {
  const text = await readFile(path(dumpManifest(SCHEDULED)), 'utf8')
  expect(change(text)).not.toBe(text)
  await writeFile(path(dumpManifest(SCHEDULED)), change(text))
}

test('what was archived is read by programs that are not ours, to the last row, and leaves evidence', async () => {
  await dump()
  await exported()
  const parts = await read('dump', 'export')
  expect(parts.map(({ part, verdict, findings }) => [part, verdict, findings])).toEqual([
    ['dump', 'pass', []],
    ['export', 'pass', []],
  ])
  const owner = await database.session('postgres')
  const { rows } = await owner.query<{ n: string }>(
    'select (select count(*) from clinic.patients) + (select count(*) from clinic.prescriptions) as n',
  )
  expect(parts[0]!.rows).toBe(Number(rows[0]!.n))
  expect(parts[1]).toMatchObject({ rows: 600, read: Object.values(FILES) })
  const records = drafts.filter(({ kind }) => kind === 'archive-read-back')
  expect(records.map(({ subject, outcome }) => [subject, outcome])).toEqual([
    ['phi-dump', 'succeeded'],
    ['phi-export', 'succeeded'],
  ])
})

test('where nothing was archived yet, nothing is known', async () => {
  const parts = await read('dump', 'export')
  expect(parts.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive'])
  expect(codesOf(parts)).toEqual(['DUMP_MISSING phi', 'EXPORT_MISSING phi'])
})

test.each([
  [
    'a flipped byte',
    async () => spoil(await dumpKey(), (b) => (b.writeUInt8(b.readUInt8(b.length - 9) ^ 1, b.length - 9), b)),
    /^(BYTES_DIFFER|UNREADABLE) /,
  ],
  ['a cut', async () => spoil(await dumpKey(), (b) => b.subarray(0, b.length / 2)), /^UNREADABLE /],
  [
    'another count of rows',
    () => told((text) => text.replace(/"rows": "(\d+)"/, '"rows": "1$1"')),
    /^ROWS_DIFFER clinic\.patients$/,
  ],
  [
    'a table that is not in it',
    () => told((text) => text.replace('clinic.patients', 'clinic.nobody')),
    /^TABLE_MISSING clinic\.nobody$/,
  ],
  ['a manifest that is none', () => told(() => '{}'), /^MANIFEST_FORM manifest\.json$/],
  ['no file', async () => rm(path(await dumpKey())), /^UNREADABLE /],
])('of a dump it finds: %s', async (_, plant, expected) => {
  await dump()
  await plant()
  const [part] = await read('dump')
  expect(part!.verdict).toBe('fail')
  expect(codesOf([part!])).toContainEqual(expect.stringMatching(expected))
})

test('a reader that cannot be started, or is ended, has said nothing about the dump', async () => {
  await dump()
  const wanted = { archive, evidence, clock: new VirtualClock(SCHEDULED), classes: ['phi'], parts: ['dump'] } as const
  const without = readBack({ ...wanted, readers: independentReaders(join(folder, 'nowhere')) })
  await expect(without).rejects.toMatchObject({ failure: 'unreachable', code: 'READER_ENDED' })
  await writeFile(join(folder, 'pg_restore'), '#!/bin/sh\nkill -KILL $$\n', { mode: 0o700 })
  const ended = readBack({ ...wanted, readers: independentReaders(folder) })
  await expect(ended).rejects.toMatchObject({ failure: 'unreachable', code: 'READER_ENDED' })
})

test.each([
  [
    'a flipped byte in the data',
    () => spoil(FILES['clinic.patients'], (b) => (b.writeUInt8(b.readUInt8(200) ^ 0xff, 200), b)),
    ['UNREADABLE part-00000.gz.parquet'],
  ],
  [
    'a cut',
    () => spoil(FILES['clinic.patients'], (b) => b.subarray(0, -20)),
    ['LIST_DIFFERS ', 'UNREADABLE part-00000.gz.parquet'],
  ],
  [
    'a file that nobody exported',
    () => archive.keep('phi', `${FILES['clinic.patients']}.more`, chunks(Buffer.from('x'))),
    ['LIST_DIFFERS '],
  ],
  [
    'a table without a file',
    () => rm(path(FILES['clinic.prescriptions'])),
    ['LIST_DIFFERS ', 'TABLE_MISSING clinic.prescriptions'],
  ],
])('of an export it finds: %s', async (_, plant, expected) => {
  await exported()
  await plant()
  const [part] = await read('export')
  expect([part!.verdict, codesOf([part!])]).toEqual(['fail', expected])
})

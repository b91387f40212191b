import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { S3ArchiveReading } from '../../../adapters/aws/s3-archive-reading'
import { fetchClient } from '../../../adapters/local/postgres-client-package'
import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryDumpArchive } from '../../../adapters/memory/dump-archive'
import { PostgresDumpSource } from '../../../adapters/postgres/dump'
import { dumpManifest, dumpToArchive } from '../../../core/archive/dump'
import { CATALOGUE } from '../../../core/compliance/controls'
import { judgeCheck } from '../../../core/compliance/validation/judge-check'
import { sha256 } from '../../../core/evidence'
import { evidenceRecordSchema, readStored, type EvidenceRecord } from '../../../core/evidence/record'
import { resolvePolicy } from '../../../policy'
import { bundleTask } from '../../../scripts/bundle-task'
import { contract } from '../../../task/archive-read-back/contract'
import { describeArchiveReading } from '../../contracts/archive-reading'
import { startDatabase, type TestDatabase } from '../postgres/database'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const PART = 1000
const reading = (partBytes = PART) =>
  new S3ArchiveReading(
    new S3Client({ ...clientSettings('sa-east-1'), forcePathStyle: true }),
    new Map([
      ['phi', 'archive-phi'],
      ['pii', 'archive-pii'],
    ]),
    partBytes,
  )
const hold = (path: string, bytes: Buffer) => void aws.current.s3.uploads.held.set(path, bytes)
const readToTheEnd = async (key: string) => {
  let bytes = 0
  for await (const chunk of reading().read('phi', key)) bytes += chunk.length
  return bytes
}

describeArchiveReading(
  'S3',
  () => ({ archive: reading(), archived: async (dataClass, key, bytes) => hold(`archive-${dataClass}/${key}`, bytes) }),
  PART,
)

describe('a reading from S3', () => {
  it('goes on where a connection broke, and gives up one that only breaks', async () => {
    hold('archive-phi/dumps/a', Buffer.alloc(2 * PART + 1))
    // In the middle of its bytes, which the SDK does not ask for again by itself.
    aws.current.breaks('s3:GetObject', 'half-answer', 2)
    expect(await readToTheEnd('dumps/a')).toBe(2 * PART + 1)
    aws.current.breaks('s3:GetObject', 'half-answer', 100)
    await expect(readToTheEnd('dumps/a')).rejects.toMatchObject({ failure: 'unreachable' })
  })

  it('never puts parts of two objects together', async () => {
    hold('archive-phi/dumps/a', Buffer.alloc(2 * PART))
    const torn = async () => {
      for await (const chunk of reading().read('phi', 'dumps/a'))
        hold('archive-phi/dumps/a', Buffer.alloc(2 * PART, chunk.length % 251))
    }
    await expect(torn()).rejects.toMatchObject({ failure: 'conflict' })
  })

  it('takes what is forbidden, or a bucket that is missing, for no missing object', async () => {
    hold('archive-phi/dumps/a', Buffer.alloc(1))
    aws.current.breaks('s3:GetObject', 'denied')
    await expect(readToTheEnd('dumps/a')).rejects.toMatchObject({ failure: 'denied' })
    aws.current.s3.missing.add('archive-phi')
    await expect(readToTheEnd('dumps/a')).rejects.toMatchObject({ code: 'NoSuchBucket' })
  })
})

const SCHEDULED = new Date('2026-10-02T01:00:00.000Z')
const TABLES = ['clinic.patients', 'clinic.prescriptions']
const TASK = 'exports/2026-10/archive-phi-2026-10-1'
const FILES = {
  'clinic.patients': `${TASK}/clinic/clinic.patients/1/part-00000.gz.parquet`,
  'clinic.prescriptions': `${TASK}/clinic/clinic.prescriptions/1/part-00000.gz.parquet`,
}
const PATIENTS = `archive-phi/${FILES['clinic.patients']}`

let folder: string
let database: TestDatabase
let program: string
/** A real dump of a real database, as the archive's own task writes it. */
const dumped = new MemoryDumpArchive()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-'))
  await mkdir(join(folder, 'scratch'))
  database = await startDatabase()
  program = await bundleTask('archive-read-back', join(folder, 'main.mjs'))
  const authorities = join(folder, 'authorities.pem')
  await writeFile(authorities, database.endpoint.authority)
  const source = new PostgresDumpSource({
    endpoint: database.endpoint,
    authorities,
    program: join(await fetchClient(), 'pg_dump'),
    login: async () => database.login('postgres'),
    lockWaitMs: 60_000,
  })
  const evidence = { append: async () => ({ id: 'ev', sequence: 0, hash: 'f' }) }
  const world = { source, archive: dumped, evidence, clock: new VirtualClock(SCHEDULED), environment: 'test' }
  await dumpToArchive({ ...world, tables: new Map([['phi', TABLES]]) }, SCHEDULED)
}, 120_000)
afterAll(async () => {
  await database?.remove()
  await rm(folder, { recursive: true, force: true })
})

const dumpKey = () => (JSON.parse(dumped.text('phi', dumpManifest(SCHEDULED))) as { key: string }).key

/** The archive as the dump and the export leave it; what pyarrow wrote stands for what RDS writes. */
async function archived(): Promise<void> {
  hold(`archive-phi/${dumpKey()}`, Buffer.from(dumped.bytes('phi', dumpKey())))
  aws.current.s3.objects.set(`archive-phi/${dumpManifest(SCHEDULED)}`, dumped.text('phi', dumpManifest(SCHEDULED)))
  const list: string[] = []
  let bytes = 0
  for (const [table, key] of Object.entries(FILES)) {
    const file = await readFile(join(__dirname, '../../core/archive/parquet', `${table.split('.')[1]}.gz.parquet`))
    hold(`archive-phi/${key}`, file)
    list.push(`${key} ${file.length}\n`)
    bytes += file.length
  }
  const told = { task: 'archive-phi-2026-10-1', snapshot: 'arn', tables: TABLES, objects: 2, bytes }
  aws.current.s3.objects.set(
    'archive-phi/exports/2026-10/manifest.json',
    JSON.stringify({ ...told, listHash: sha256(list.join('')) }),
  )
}

/** Runs the program of the image once: what it ended with, what it logged, what it left as evidence. */
async function run(more: Readonly<Record<string, string>> = {}) {
  const variables: Readonly<Record<string, string>> = {
    RECOVERY_ENVIRONMENT: 'test',
    POLICY_HASH: 'a'.repeat(64),
    ARCHIVE_BUCKETS: 'phi=archive-phi',
    ARCHIVE_TABLES: `phi=${TABLES.join('+')}`,
    ARCHIVE_PARTS: 'dump,export',
    EVIDENCE_BUCKET: 'evidence',
  }
  // What the stack sets is what the program reads.
  expect(Object.keys(variables).toSorted()).toEqual([...contract.environment].toSorted())
  const task = spawn(process.execPath, [program], {
    env: {
      ...variables,
      PATH: `${await fetchClient()}${delimiter}${process.env['PATH']}`,
      TMPDIR: join(folder, 'scratch'),
      AWS_REGION: 'sa-east-1',
      AWS_ENDPOINT_URL: process.env['AWS_ENDPOINT_URL'],
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
      SCHEDULED_AT: '2026-10-13T01:00:00Z',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [task.stdout, task.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const code = await new Promise((resolve) => task.once('close', resolve))
  const records = [...aws.current.s3.objects]
    .filter(([path]) => path.startsWith('evidence/records/sa-east-1/archive-read-back/'))
    .map(([, text]) => readStored(evidenceRecordSchema, text)!)
  const findings = records.flatMap(({ measurements }) =>
    (measurements['findings'] as { code: string; subject: string }[]).map(
      (found) => `${found.code} ${found.subject.split('/').at(-1)}`,
    ),
  )
  expect(await readdir(join(folder, 'scratch'))).toEqual([])
  return { code, said, records, findings }
}

const outcomes = (records: readonly EvidenceRecord[]) => records.map(({ subject, outcome }) => `${subject} ${outcome}`)

describe('the program of the image', () => {
  it('reads the newest dump and export by programs that are not ours, and leaves evidence of each', async () => {
    await archived()
    const { code, said, records } = await run()
    expect([said, code]).toEqual([expect.stringContaining('"outcome":"pass"'), 0])
    expect(outcomes(records)).toEqual(['phi-dump succeeded', 'phi-export succeeded'])
    const owner = await database.session('postgres')
    const { rows } = await owner.query<{ n: string }>(
      'select (select count(*) from clinic.patients) + (select count(*) from clinic.prescriptions) as n',
    )
    expect(records.map(({ measurements }) => measurements['rows'])).toEqual([Number(rows[0]!.n), 600])
  }, 60_000)

  it('asks S3 for nothing that its role may not, and of the archive only reads', async () => {
    await archived()
    await run()
    const permitted = contract.permissions.flatMap(({ actions }) => actions)
    expect(aws.current.calls.map(({ action }) => action).filter((action) => !permitted.includes(action))).toEqual([])
    const ofArchive = aws.current.calls.filter(({ url }) => url.pathname.startsWith('/archive-'))
    expect(new Set(ofArchive.map(({ method }) => method))).toEqual(new Set(['GET']))
  }, 60_000)

  it('leaves what the controls of a readable archive are decided by', async () => {
    await archived()
    const { records } = await run()
    const about = CATALOGUE.flatMap(({ id, checks }) =>
      checks.flatMap((check) =>
        'isAbout' in check && check.isAbout(records[0]!, resolvePolicy('test')) ? [{ id, check }] : [],
      ),
    )
    expect(about.map(({ id }) => id)).toEqual(['CFM-05', 'XT-08'])
    const at = { policy: resolvePolicy('test'), now: new Date(records[0]!.finishedAt), stacks: undefined, records }
    for (const { check } of about) expect(judgeCheck(check, { ...at, chain: 'pass' }).verdict).toBe('PASS')
  }, 60_000)

  it.each([
    [
      'a damaged dump',
      () => {
        const path = `archive-phi/${dumpKey()}`
        const bytes = Buffer.from(aws.current.s3.uploads.held.get(path)!)
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9)
        hold(path, bytes)
      },
      ['phi-dump failed', 'phi-export succeeded'],
      [/^(BYTES_DIFFER|UNREADABLE) .+\.dump$/],
    ],
    [
      'a truncated file of Parquet',
      () => hold(PATIENTS, aws.current.s3.uploads.held.get(PATIENTS)!.subarray(0, -20)),
      ['phi-dump succeeded', 'phi-export failed'],
      [/^LIST_DIFFERS /, /^UNREADABLE part-00000\.gz\.parquet$/],
    ],
    [
      'a dump that is missing',
      () => void aws.current.s3.uploads.held.delete(`archive-phi/${dumpKey()}`),
      ['phi-dump failed', 'phi-export succeeded'],
      [/^UNREADABLE .+\.dump$/],
    ],
    [
      'a file of Parquet that is missing',
      () => void aws.current.s3.uploads.held.delete(PATIENTS),
      ['phi-dump succeeded', 'phi-export failed'],
      [/^LIST_DIFFERS /, /^TABLE_MISSING clinic\.patients$/],
    ],
  ])(
    'ends red for %s, and names it',
    async (_, plant, expected, named) => {
      await archived()
      plant()
      const { code, said, records, findings } = await run()
      expect([said, code]).toEqual([expect.stringContaining('"outcome":"fail"'), 1])
      expect(outcomes(records)).toEqual(expected)
      // A dump whose bytes differ can have fewer rows, too.
      expect(findings.filter((found) => !found.startsWith('ROWS_DIFFER'))).toEqual(
        named.map((pattern) => expect.stringMatching(pattern)),
      )
      for (const found of findings) expect(said).toContain(`"failure":"${found.split(' ')[0]}"`)
    },
    60_000,
  )

  it('ends red for a class of which the archive holds nothing', async () => {
    await archived()
    const { code, said, records, findings } = await run({
      ARCHIVE_BUCKETS: 'phi=archive-phi,financial=archive-financial',
      ARCHIVE_TABLES: `phi=${TABLES.join('+')},financial=clinic.invoices`,
    })
    expect([said, code]).toEqual([expect.stringContaining('"outcome":"inconclusive"'), 2])
    expect(outcomes(records).slice(2)).toEqual(['financial-dump inconclusive', 'financial-export inconclusive'])
    expect(findings).toEqual(['DUMP_MISSING financial', 'EXPORT_MISSING financial'])
  }, 60_000)

  it.each([
    ['S3 refuses it', {}, 's3:GetObject', 'AccessDenied'],
    ['it is told of nothing to read', { ARCHIVE_TABLES: 'none' }, undefined, 'UNEXPECTED'],
    ['its image has no pg_restore', { PATH: '/nowhere' }, undefined, 'READER_ENDED'],
  ])(
    'ends red where %s, and leaves no record of what it did not see',
    async (_, more, denied, outcome) => {
      await archived()
      if (denied !== undefined) aws.current.breaks(denied, 'denied', 100)
      const { code, said, records } = await run(more)
      expect([said, code]).toEqual([expect.stringContaining(`"outcome":"${outcome}"`), 1])
      expect(records).toEqual([])
    },
    60_000,
  )

  it('logs no name and no key', async () => {
    await archived()
    hold(PATIENTS, Buffer.from('no Parquet'))
    const { said } = await run()
    expect(said).not.toMatch(/clinic|patients|exports|dumps/)
  }, 60_000)
})

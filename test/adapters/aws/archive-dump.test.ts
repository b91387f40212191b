import { randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { S3ArchiveIntake } from '../../../adapters/aws/s3-archive-intake'
import { S3DumpArchive } from '../../../adapters/aws/s3-dump-archive'
import { ARCHIVE_ROLE, grantArchiveRole } from '../../../adapters/postgres/archive-role'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { ARCHIVE_ROLE as BOUND_ROLE, FENCE_ROLE as BOUND_FENCE } from '../../../lib/function-bindings'
import { bundleTask } from '../../../scripts/bundle-task'
import { contract } from '../../../task/archive-dump/contract'
import { describeDumpArchive } from '../../contracts/dump-archive'
import { fetchClient } from '../../../adapters/local/postgres-client-package'
import { startDatabase } from '../postgres/database'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const KEY = 'arn:aws:kms:sa-east-1:111122223333:key/archive'
const MEGABYTE = 1024 ** 2

const s3 = () => new S3Client({ ...clientSettings('sa-east-1'), forcePathStyle: true })
const archive = () => {
  const intake = new S3ArchiveIntake(s3(), 'staging', new Map([['phi', 'archive-phi']]), s3())
  return new S3DumpArchive(s3(), intake, KEY, 5 * MEGABYTE)
}
async function* chunks(whole: Buffer, failAfter = Infinity): AsyncIterable<Uint8Array> {
  for (let at = 0; at < whole.length; at += MEGABYTE) {
    if (at >= failAfter) throw new Error('the dump broke off')
    yield whole.subarray(at, at + MEGABYTE)
  }
}

describeDumpArchive('S3', archive)

it('sends a stream in parts, each with its checksum, and holds it once all are there', async () => {
  const whole = randomBytes(12 * MEGABYTE)
  await archive().keep('phi', 'dumps/a', chunks(whole))
  expect(aws.current.s3.uploads.held.get('archive-phi/dumps/a')?.equals(whole)).toBe(true)
  expect(aws.current.callsOf('s3:UploadPart')).toHaveLength(3)
  expect(await archive().holds('phi', 'dumps/a')).toBe(true)
})

it('keeps nothing of a stream that broke off, not even its parts', async () => {
  const broken = archive().keep('phi', 'dumps/a', chunks(randomBytes(12 * MEGABYTE), 7 * MEGABYTE))
  await expect(broken).rejects.toThrow('the dump broke off')
  expect(aws.current.s3.uploads.held.size).toBe(0)
  expect(aws.current.s3.uploads.open.size).toBe(0)
  expect(aws.current.callsOf('s3:CompleteMultipartUpload')).toEqual([])
})

it('says what S3 refused', async () => {
  aws.current.breaks('s3:PutObject', 'denied')
  await expect(archive().keep('phi', 'dumps/a', chunks(randomBytes(10)))).rejects.toMatchObject({ failure: 'denied' })
})

it('knows the roles of the database by the names that the adapters give them', () => {
  expect([BOUND_ROLE, BOUND_FENCE]).toEqual([ARCHIVE_ROLE, FENCE_ROLE])
})

it('dumps as the program of the image: real PostgreSQL, a token for a login, S3 on loopback', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'task-'))
  const database = await startDatabase('localhost')
  try {
    const owner = await database.session('postgres')
    await grantArchiveRole(owner)
    // RDS has IAM judge the token; nothing here does, so that any is taken, over verified TLS.
    const { rows } = await owner.query<{ hba_file: string }>('show hba_file')
    const rules = await readFile(rows[0]!.hba_file, 'utf8')
    await writeFile(rows[0]!.hba_file, `hostssl all ${ARCHIVE_ROLE} 127.0.0.1/32 trust\n${rules}`)
    await owner.query('select pg_reload_conf()')
    const authorities = join(folder, 'authorities.pem')
    await writeFile(authorities, database.endpoint.authority)
    const variables: Readonly<Record<string, string>> = {
      DATABASE_INSTANCE: 'db-g1',
      DATABASE_HOST: database.endpoint.name,
      DATABASE_PORT: String(database.endpoint.port),
      DATABASE_NAME: database.endpoint.database,
      RECOVERY_ENVIRONMENT: 'test',
      POLICY_HASH: 'a'.repeat(64),
      ARCHIVE_BUCKETS: 'phi=archive-phi,financial=archive-financial',
      ARCHIVE_TABLES: 'phi=clinic.patients+clinic.records,financial=clinic.invoices',
      ARCHIVE_KEY: KEY,
      EVIDENCE_BUCKET: 'evidence',
    }
    // What the stack sets is what the program reads.
    expect(Object.keys(variables).toSorted()).toEqual([...contract.environment].toSorted())
    const program = spawn(process.execPath, [await bundleTask('archive-dump', join(folder, 'main.mjs'))], {
      env: {
        ...variables,
        PATH: `${await fetchClient()}${delimiter}${process.env['PATH']}`,
        AWS_REGION: 'sa-east-1',
        AWS_ENDPOINT_URL: process.env['AWS_ENDPOINT_URL'],
        AWS_ACCESS_KEY_ID: 'fake',
        AWS_SECRET_ACCESS_KEY: 'fake',
        DATABASE_AUTHORITIES: authorities,
        SCHEDULED_AT: '2026-12-02T01:00:00Z',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    const code = await new Promise((resolve) => program.once('close', resolve))
    expect([said, code]).toEqual([expect.stringContaining('"outcome":"succeeded"'), 0])

    const manifest = JSON.parse(
      aws.current.s3.objects.get('archive-phi/dumps/2026-12-02T01:00:00Z/manifest.json') ?? 'null',
    )
    const kept = aws.current.s3.uploads.held.get(`archive-phi/${manifest.key}`)!
    expect([kept.subarray(0, 5).toString(), kept.length]).toEqual(['PGDMP', manifest.bytes])
    // Each object under the key that the policy names, whatever the bucket would do by itself.
    const [put] = aws.current.callsOf('s3:PutObject').filter(({ url }) => url.pathname.endsWith('.dump'))
    expect(put?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY,
    })
    expect([...aws.current.s3.objects.keys()]).toContain('archive-financial/dumps/2026-12-02T01:00:00Z/manifest.json')
    expect([...aws.current.s3.objects.keys()].some((key) => key.startsWith('evidence/records/'))).toBe(true)
  } finally {
    await database.remove()
    await rm(folder, { recursive: true })
  }
}, 120_000)

import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { RdsSnapshotExports } from '../../../adapters/aws/rds-snapshot-exports'
import { S3ArchiveIntake } from '../../../adapters/aws/s3-archive-intake'
import { describeArchiveIntake, describeSnapshotExports } from '../../contracts/archive-export'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const target = {
  instance: 'db-g1',
  database: 'neonpro',
  bucket: 'staging',
  roleArn: 'arn:aws:iam::1:role/snapshot-export',
  keyArn: 'arn:aws:kms:sa-east-1:1:key/archive',
}
const exportsOf = () => new RdsSnapshotExports(new RDSClient(clientSettings('sa-east-1')), target)
const intake = () =>
  new S3ArchiveIntake(
    new S3Client({ ...clientSettings('sa-east-1'), forcePathStyle: true }),
    'staging',
    new Map([['phi', 'archive-phi']]),
    new S3Client({ ...clientSettings('sa-east-1', { answerMs: 60_000, attempts: 1 }), forcePathStyle: true }),
  )

describeSnapshotExports('RDS', () => ({
  exports: exportsOf(),
  // By AWS and by AWS Backup in turn: both can be exported.
  snapshot: (arn, takenAt) =>
    void aws.current.rds.snapshots.push({
      arn,
      takenAt,
      type: aws.current.rds.snapshots.length % 2 === 0 ? 'awsbackup' : 'automated',
      status: 'available',
    }),
  end: (id, status, warned) => {
    const task = aws.current.rds.exports.get(id)!
    task.status = status.toUpperCase()
    if (warned) task.warning = 'rows were skipped'
  },
}))

describeArchiveIntake('S3', () => {
  aws.current.s3.pageSize = 3
  return { archive: intake(), stage: (key, text) => void aws.current.s3.objects.set(`staging/${key}`, text) }
})

it('asks for exactly the named tables, under its own key and role', async () => {
  await exportsOf().start({
    id: 'archive-phi-2026-11-1',
    snapshot: 'arn:s',
    tables: ['clinic.records', 'clinic.patients'],
  })
  const [call] = aws.current
    .callsOf('rds:StartExportTask')
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
  expect(call).toEqual({
    Action: 'StartExportTask',
    Version: '2014-10-31',
    ExportTaskIdentifier: 'archive-phi-2026-11-1',
    SourceArn: 'arn:s',
    S3BucketName: 'staging',
    IamRoleArn: target.roleArn,
    KmsKeyId: target.keyArn,
    'ExportOnly.member.1': 'neonpro.clinic.records',
    'ExportOnly.member.2': 'neonpro.clinic.patients',
  })
})

it('exports no snapshot that is still being made', async () => {
  aws.current.rds.snapshots.push({
    arn: 'arn:s',
    takenAt: '2026-11-01T05:00:00Z',
    type: 'automated',
    status: 'creating',
  })
  expect(await exportsOf().newestSnapshot()).toBeUndefined()
})

it.each(['STARTING', 'IN_PROGRESS', 'CANCELING', 'SOMETHING_NEW'])(
  'takes %s for a task that still runs',
  async (status) => {
    const exports = exportsOf()
    await exports.start({ id: 'archive-phi-2026-11-1', snapshot: 'arn:s', tables: ['a.b'] })
    aws.current.rds.exports.get('archive-phi-2026-11-1')!.status = status
    expect(await exports.task('archive-phi-2026-11-1')).toMatchObject({ status: 'running' })
  },
)

it('never takes a missing archive for one that does not hold the object yet', async () => {
  expect(await intake().holds('phi', 'x')).toBe(false)
  aws.current.s3.missing.add('archive-phi')
  await expect(intake().holds('phi', 'x')).rejects.toMatchObject({ failure: 'invalid', code: 'NoSuchBucket' })
})

it('refuses what S3 does not copy at once, and classes that have no archive', async () => {
  const large = { key: 'task-1/large', bytes: 5 * 1024 ** 3 + 1 }
  await expect(intake().take('phi', large, 'exports/large')).rejects.toMatchObject({ code: 'OBJECT_TOO_LARGE' })
  await expect(intake().holds('public', 'x')).rejects.toMatchObject({ code: 'CLASS_NOT_ARCHIVED' })
})

it('copies once, whatever comes of it: each repetition would be one more version under lock', async () => {
  const archive = intake()
  aws.current.s3.objects.set('staging/task-1/a', 'content')
  aws.current.breaks('s3:PutObject', 'lost-answer', 1)
  await expect(archive.take('phi', { key: 'task-1/a', bytes: 7 }, 'exports/a')).rejects.toMatchObject({
    failure: 'unreachable',
  })
  expect(aws.current.callsOf('s3:PutObject')).toHaveLength(1)
  // The next run finds it.
  expect(await archive.holds('phi', 'exports/a')).toBe(true)
})

import { createHash } from 'node:crypto'
import { BackupClient } from '@aws-sdk/client-backup'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { AwsForensics } from '../../../adapters/aws/aws-forensics'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { systemClock } from '../../../adapters/local/clock'
import { describeForensics } from '../../contracts/forensics'
import { FakeAws } from './fake-aws'
import { useOneRealm } from './fake-aws/one-realm'

const REGION = 'sa-east-1'
const attacked = { region: REGION, instance: 'db-g1' }
const LOGS = { 'error/postgresql.log.1': 'a connection was authorized\n'.repeat(3), 'error/postgresql.log.2': 'x' }

useOneRealm()
let aws: FakeAws
const start = async () => {
  aws = new FakeAws()
  await aws.start()
  aws.rds.instances.set('db-g1', { status: 'available', tags: new Map(), logs: new Map(Object.entries(LOGS)) })
}

const forensics = () =>
  new AwsForensics(
    { backup: new BackupClient(clientSettings(REGION)), rds: new RDSClient(clientSettings(REGION)) },
    {
      region: REGION,
      vault: 'snapshots',
      retentionDays: 400,
      roleArn: 'arn:aws:iam::111122223333:role/backup',
      bucket: { client: new S3Client(clientSettings(REGION)), bucket: 'archive-phi', deadlineMs: 15_000 },
      clock: systemClock,
    },
  )
const ask = (key = 'run-1/preserve') => forensics().preserve(attacked, { key })
const untilKept = async (key?: string) => {
  for (;;) {
    const kept = await ask(key)
    if (kept.kind === 'preserved') return kept
  }
}

describeForensics('AWS Backup, the logs of RDS and S3', async () => {
  await start()
  return {
    forensics: forensics(),
    compromised: attacked,
    settle: () => undefined,
    copies: () => aws.backup.points.size,
    tamper: async (name) => void aws.s3.objects.set(`archive-phi/${name}/logs/error/postgresql.log.2`, 'y'),
    remove: () => aws.stop(),
  }
})

describe('a forensic copy in AWS', () => {
  beforeEach(start)
  afterEach(() => aws.stop())

  it('is a marked snapshot in the locked vault for as long as the lock takes, and every file of the log whole', async () => {
    const { name, files, bytes } = await untilKept()
    const [job] = [...aws.backup.backups.values()]
    expect(job!.request).toMatchObject({
      BackupVaultName: 'snapshots',
      ResourceArn: 'arn:aws:rds:sa-east-1:111122223333:db:db-g1',
      IamRoleArn: 'arn:aws:iam::111122223333:role/backup',
      Lifecycle: { DeleteAfterDays: 400 },
      RecoveryPointTags: { 'recovery:forensics': 'run-1/preserve' },
    })
    for (const [file, text] of Object.entries(LOGS))
      expect(aws.s3.objects.get(`archive-phi/${name}/logs/${file}`)).toBe(text)
    expect({ files, bytes }).toEqual({ files: 3, bytes: 4096 + Object.values(LOGS).join('').length })
    const manifest = JSON.parse(aws.s3.objects.get(`archive-phi/${name}/manifest.json`)!) as { files: object[] }
    expect(manifest.files).toContainEqual({
      name: 'error/postgresql.log.2',
      bytes: 1,
      sha256: createHash('sha256').update('x').digest('hex'),
    })
  })

  it.each(['backup:StartBackupJob', 'rds:DescribeDBLogFiles', 's3:PutObject'])(
    'is one and the same where the answer to %s was lost',
    async (action) => {
      aws.breaks(action, 'lost-answer', 3)
      await ask().catch(() => undefined)
      await untilKept()
      expect(aws.backup.backups.size).toBe(1)
      expect(new Set(aws.callsOf('backup:StartBackupJob').map(({ body }) => body)).size).toBe(1)
    },
  )

  it('is begun anew where AWS Backup gives it up, and not for ever', async () => {
    await ask()
    aws.backup.backups.get('backup-1')!.ends = 'FAILED'
    await untilKept()
    expect(aws.backup.backups.size).toBe(2)
    const giveUp = async () => {
      for (;;) {
        await ask('run-2/preserve')
        for (const job of aws.backup.backups.values()) job.ends = 'EXPIRED'
      }
    }
    await expect(giveUp()).rejects.toMatchObject({ failure: 'conflict', code: 'FORENSIC_COPY_FAILED' })
    expect(aws.backup.backups.size).toBe(5)
  })

  it('is none any more where the recovery point is gone', async () => {
    await untilKept()
    aws.backup.points.clear()
    await expect(ask()).rejects.toMatchObject({ code: 'FORENSIC_COPY_CHANGED' })
  })

  it('goes without a file that RDS has let go of since', async () => {
    aws.breaks('rds:DownloadDBLogFilePortion', 'denied')
    await expect(ask()).rejects.toMatchObject({ failure: 'denied' })
    aws.rds.instances.get('db-g1')!.logs!.delete('error/postgresql.log.1')
    expect((await untilKept()).files).toBe(2)
  })

  it('is refused for what does not exist', async () => {
    await expect(
      forensics().preserve({ ...attacked, instance: 'db-g9' }, { key: 'run-1/preserve' }),
    ).rejects.toMatchObject({ code: 'INSTANCE_MISSING' })
  })
})

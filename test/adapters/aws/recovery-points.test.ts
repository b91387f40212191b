import { BackupClient } from '@aws-sdk/client-backup'
import { KMSClient } from '@aws-sdk/client-kms'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { BackupRecoveryPoints } from '../../../adapters/aws/backup-recovery-points'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { KeysOfRegion } from '../../../adapters/aws/held-under'
import { keyAlias, vaultName } from '../../../core/policy/names'
import { resolvePolicy } from '../../../policy'
import { describeRecoveryPoints, type RecoveryPointsStage } from '../../contracts/recovery-points'
import { keyArn, listed } from './aws-estate'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const policy = resolvePolicy('test')
const REGION = 'sa-east-1'

async function stage(): Promise<RecoveryPointsStage> {
  const { account, backup, rds, s3 } = aws.current
  s3.buckets.set('of-another-region', 'us-east-1')
  const aliases = { database: keyAlias(policy, 'database'), backup: keyAlias(policy, 'backup') }
  for (const alias of Object.values(aliases)) account.keys.set(alias, true)
  const settings = { attempts: 1 }
  const points = new BackupRecoveryPoints(
    new BackupClient(clientSettings(REGION, settings)),
    new RDSClient(clientSettings(REGION, settings)),
    {
      region: REGION,
      vaults: {
        pitr: vaultName(policy, 'pitr'),
        snapshots: vaultName(policy, 'snapshots'),
        copies: vaultName(policy, 'copies'),
      },
      s3: new S3Client(clientSettings(REGION, settings)),
      keys: new KeysOfRegion(new KMSClient(clientSettings(REGION, settings)), aliases),
    },
  )
  return {
    points,
    morePoints: 8,
    vault: async (kind, { lock, key }) => {
      const name = vaultName(policy, kind)
      account.vaults.set(name, lock)
      account.vaultKeys.set(name, keyArn(policy, key)!)
      if (!backup.recoveryPoints.has(name)) backup.recoveryPoints.set(name, [])
    },
    keep: async (kind, kept) =>
      void backup.recoveryPoints.set(
        vaultName(policy, kind),
        kept.map((point) => listed(policy, REGION, point)),
      ),
    holder: async ({ name, role }) => {
      if (role === 'bucket') s3.buckets.set(name, REGION)
      else
        rds.instances.set(name, {
          status: 'available',
          tags: new Map(),
          ...(role === 'replica' && { source: 'g1' }),
        })
    },
  }
}

describeRecoveryPoints('AWS Backup and RDS', stage)

describe('what AWS says', () => {
  it('asks for the largest pages, and goes on by the token it was given', async () => {
    const { points, vault, keep } = await stage()
    await vault('snapshots', { lock: null, key: 'backup' })
    await keep(
      'snapshots',
      Array.from({ length: 4 }, (_, at) => ({
        id: `point-${at}`,
        resource: 'db',
        state: 'completed',
        createdAt: '2026-11-27T05:00:00.000Z',
        key: 'backup',
        bytes: 1,
      })),
    )
    const { next } = await points.page('snapshots')
    await points.page('snapshots', next)
    const asked = aws.current.callsOf('backup:ListRecoveryPointsByBackupVault').map(({ url }) => url.search)
    expect(asked).toEqual(['?maxResults=1000', '?maxResults=1000&nextToken=3'])
  })

  it.each([
    ['throttle', 'throttled'],
    ['denied', 'denied'],
    ['reset', 'unreachable'],
  ] as const)('a list that ends in %s is %s', async (fault, failure) => {
    const { points, vault } = await stage()
    await vault('snapshots', { lock: null, key: 'backup' })
    aws.current.breaks('backup:ListRecoveryPointsByBackupVault', fault)
    const refused = failure === 'throttled' ? expect.stringMatching(/throttled|unreachable/) : failure
    await expect(points.page('snapshots')).rejects.toMatchObject({ failure: refused })
  })

  it('asks for the keys once, and again where it got no answer', async () => {
    const { points, vault } = await stage()
    await vault('snapshots', { lock: null, key: 'backup' })
    aws.current.breaks('kms:DescribeKey', 'denied')
    await expect(points.vault('snapshots')).rejects.toMatchObject({ failure: 'denied' })
    for (let time = 0; time < 3; time += 1) expect(await points.vault('snapshots')).toMatchObject({ key: 'backup' })
    expect(aws.current.callsOf('kms:DescribeKey')).toHaveLength(3)
  })
  it('takes what lies under a key that is about to be deleted for what nobody of us can open', async () => {
    const { points, vault } = await stage()
    await vault('snapshots', { lock: null, key: 'backup' })
    expect(await points.vault('snapshots')).toMatchObject({ key: 'backup' })
    for (const alias of aws.current.account.keys.keys()) aws.current.account.endingKeys.add(alias)
    expect(await (await stage()).points.vault('snapshots')).toMatchObject({ key: 'foreign' })
  })
})

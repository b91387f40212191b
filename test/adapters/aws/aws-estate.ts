import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { KmsDataKeys } from '../../../adapters/aws/kms-data-keys'
import { KmsSigner } from '../../../adapters/aws/kms-signer'
import { ParameterStoreConfiguration } from '../../../adapters/aws/parameter-store-configuration'
import { S3CodeCopies } from '../../../adapters/aws/s3-code-copies'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import { VirtualClock } from '../../../adapters/memory/clock'
import { MemorySigner } from '../../../adapters/memory/signer'
import { dumpManifest } from '../../../core/archive/dump'
import { pushCode } from '../../../core/code/push'
import type { ConfigurationCopy } from '../../../core/configuration/copies'
import type { Policy } from '../../../core/policy'
import { keyAlias, vaultName } from '../../../core/policy/names'
import type { HeldUnder, RecoveryPoint } from '../../../core/ports/recovery-points'
import { expectationsOf, type DataRole } from '../../../core/verification/daily/expectations'
import type { Estate } from '../../core/verification/daily/estate'
import { dumpedAt, holdEnvironment, holdSetting, SETTING } from '../../core/verification/daily/memory-estate'
import type { FakeAws } from './fake-aws'
import { keyArnOf } from './fake-aws/account'
import type { FakeRecoveryPoint } from './fake-aws/backup'

const ACCOUNT = '333344445555'
const seconds = (at: string) => Date.parse(at) / 1000
const GIGABYTE = 1024 ** 3

export const keyArn = (policy: Policy, key: HeldUnder): string | undefined => {
  if (key === 'nothing') return undefined
  return key === 'foreign' ? 'arn:aws:kms:sa-east-1:111122223333:key/foreign' : keyArnOf(keyAlias(policy, key))
}

const STATUS = { completed: 'COMPLETED', running: 'CREATING', partial: 'PARTIAL', lost: 'DELETING' } as const

/** A recovery point as AWS Backup lists it. */
export function listed(policy: Policy, region: string, point: RecoveryPoint): FakeRecoveryPoint {
  const { id, resource, createdAt, completedAt, key, keptDays, endsAt, coldAfterDays } = point
  const bucket = resource.includes('-assets-')
  const arn = keyArn(policy, key)
  return {
    RecoveryPointArn: `arn:aws:rds:${region}:${ACCOUNT}:snapshot:awsbackup:${id}`,
    ResourceArn: bucket ? `arn:aws:s3:::${resource}` : `arn:aws:rds:${region}:${ACCOUNT}:db:${resource}`,
    Status: endsAt === undefined && point.state === 'completed' ? 'AVAILABLE' : STATUS[point.state],
    CreationDate: seconds(createdAt),
    ...(completedAt && { CompletionDate: seconds(completedAt) }),
    BackupSizeInBytes: point.bytes,
    IsEncrypted: arn !== undefined,
    ...(arn && { EncryptionKeyArn: arn }),
    Lifecycle: {
      ...(keptDays !== undefined && { DeleteAfterDays: keptDays }),
      ...(coldAfterDays !== undefined && { MoveToColdStorageAfterDays: coldAfterDays }),
    },
    ...(endsAt && { CalculatedLifecycle: { DeleteAt: seconds(endsAt) } }),
  }
}

/** The estate in the stand-in of AWS, through the real clients. `setNow` moves the clock that these see. */
export async function fillAws(
  aws: FakeAws,
  policy: Policy,
  role: DataRole,
  estate: Estate,
  setNow: (at: Date) => void,
): Promise<void> {
  const { region, writer } = expectationsOf(policy, role)
  for (const purpose of ['database', 'backup']) aws.account.keys.set(keyAlias(policy, purpose), true)
  for (const kind of ['pitr', 'snapshots', 'copies'] as const) {
    const [name, vault] = [vaultName(policy, kind), estate.vaults[kind]]
    if (!vault) continue
    aws.account.vaults.set(name, vault.lock)
    aws.account.vaultKeys.set(name, keyArn(policy, vault.key)!)
    aws.backup.recoveryPoints.set(
      name,
      estate.points[kind].map((point) => listed(policy, region, point)),
    )
  }
  for (const { name } of estate.databases.filter(({ role: of }) => of === 'bucket')) aws.s3.buckets.set(name, region)
  // Of another region, which is looked at by its own function.
  aws.s3.buckets.set('somebody-elses-far-away', 'us-east-1')
  for (const { name, role: of } of estate.databases.filter(({ role: one }) => one !== 'bucket'))
    aws.rds.instances.set(name, {
      status: 'available',
      tags: new Map(),
      ...(of === 'replica' && { source: 'arn:aws:rds:sa-east-1:333344445555:db:source' }),
      ...(name === writer?.instance && estate.window && { history: estate.window }),
      ...(name === writer?.instance &&
        estate.storage && { allocatedGigabytes: estate.storage.allocatedBytes / GIGABYTE }),
    })
  if (writer && estate.storage) {
    const { allocatedBytes, history } = estate.storage
    aws.cloudwatch.freeStorage.set(
      writer.instance,
      history.map(({ at, bytes }) => ({ at: seconds(at), bytes: allocatedBytes - bytes })),
    )
  }
  aws.lambda.functions.set(`${region}/replica-observer`, () => ({
    verdict: estate.replication.receives,
    observedAt: estate.now.toISOString(),
    ...(estate.replication.heartbeatAt && { heartbeatAt: estate.replication.heartbeatAt }),
  }))
  for (const dataClass of estate.dumps)
    aws.s3.objects.set(`archive-${dataClass}/${dumpManifest(dumpedAt(policy, estate.now))}`, '{}')
  await fillCode(region, estate)
  await fillConfiguration(policy, region, estate, setNow)
}

async function fillCode(region: string, { codeHours, codeSignedBy, now }: Estate): Promise<void> {
  if (codeHours === undefined) return
  const signer = new KmsSigner(new KMSClient(clientSettings(region)), 'alias/code-signing')
  await pushCode(
    [
      {
        name: region,
        copies: new S3CodeCopies(new S3Client(clientSettings(region)), 'code'),
        signer: codeSignedBy === 'us' ? signer : new MemorySigner('theirs'),
      },
    ],
    { commit: 'c'.repeat(40), tags: [], bundle: Buffer.from('bundle') },
    new VirtualClock(new Date(now.getTime() - codeHours * 3_600_000)),
  )
}

async function fillConfiguration(
  policy: Policy,
  region: string,
  estate: Estate,
  setNow: (at: Date) => void,
): Promise<void> {
  const configuration = new ParameterStoreConfiguration(
    new SSMClient(clientSettings(region)),
    new SecretsManagerClient(clientSettings(region)),
    { paths: ['/neonpro/configuration'], secrets: [], keyId: 'alias/configuration' },
  )
  setNow(new Date(estate.now.getTime() - estate.settingAgeHours * 3_600_000))
  await configuration.put({ name: SETTING, kind: 'plain', value: 'mail.example' })
  setNow(estate.now)
  const { primary, ...others } = policy.topology.regions
  const regions = 'recovery' in others ? [primary, others.recovery] : [primary]
  const copies = regions.map((name): ConfigurationCopy => ({
    region: name,
    store: new S3WriteOnceStore(
      new S3Client(clientSettings(name)),
      name === primary ? 'configuration-primary' : 'configuration-recovery',
    ),
    keys: new KmsDataKeys(new KMSClient(clientSettings(name)), 'alias/configuration'),
  }))
  for await (const setting of configuration.settings()) await holdSetting(copies, region, setting, estate)
  await holdEnvironment(
    copies.find((copy) => copy.region === region)!,
    policy,
    estate,
  )
}

import {
  DescribeBackupVaultCommand,
  ListRecoveryPointsByBackupVaultCommand,
  type BackupClient,
  type RecoveryPointByBackupVault,
  type RecoveryPointStatus,
} from '@aws-sdk/client-backup'
import { DescribeDBInstancesCommand, type DBInstance, type RDSClient } from '@aws-sdk/client-rds'
import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3'
import type {
  DataHolder,
  RecoveryPoint,
  RecoveryPointPage,
  RecoveryPoints,
  Vault,
  VaultKind,
} from '../../core/ports/recovery-points'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import type { KeysOfRegion } from './held-under'
import { isTestCopy } from './rds-restored-copies'

/** The largest page there is. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByBackupVault.html */
const PAGE = 1000
/** A page of a thousand takes longer than an ordinary answer. */
const PAGE_MS = 30_000

export interface RegionOfBackups {
  readonly region: string
  /** Name of each vault. */
  readonly vaults: Readonly<Record<VaultKind, string>>
  readonly keys: KeysOfRegion
  /** Of the region, whose buckets it lists. */
  readonly s3: S3Client
}

/** Recovery points of AWS Backup, databases of RDS and buckets in one region. */
export class BackupRecoveryPoints implements RecoveryPoints {
  readonly region: string

  constructor(
    private readonly backup: BackupClient,
    private readonly rds: RDSClient,
    private readonly settings: RegionOfBackups,
  ) {
    this.region = settings.region
  }

  async vault(kind: VaultKind): Promise<Vault | undefined> {
    const name = this.settings.vaults[kind]
    const command = new DescribeBackupVaultCommand({ BackupVaultName: name })
    try {
      const { Locked, MinRetentionDays, MaxRetentionDays, EncryptionKeyArn } = await asking(
        `describing '${name}'`,
        () => this.backup.send(command, within(CALL_MS)),
      )
      const lock =
        Locked && MinRetentionDays !== undefined && MaxRetentionDays !== undefined
          ? { minDays: MinRetentionDays, maxDays: MaxRetentionDays }
          : null
      return { lock, key: await this.settings.keys.holderOf(EncryptionKeyArn) }
    } catch (error) {
      if (isException(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }

  async page(kind: VaultKind, from?: string): Promise<RecoveryPointPage> {
    const name = this.settings.vaults[kind]
    const command = new ListRecoveryPointsByBackupVaultCommand({
      BackupVaultName: name,
      MaxResults: PAGE,
      ...(from !== undefined && { NextToken: from }),
    })
    const { RecoveryPoints: listed, NextToken } = await asking(`listing '${name}'`, () =>
      this.backup.send(command, within(PAGE_MS)),
    )
    const points: RecoveryPoint[] = []
    for (const point of listed ?? []) points.push(await this.told(point))
    return { points, ...(NextToken && { next: NextToken }) }
  }

  async *holders(): AsyncIterable<DataHolder> {
    let Marker: string | undefined
    do {
      const command: DescribeDBInstancesCommand = new DescribeDBInstancesCommand({ ...(Marker && { Marker }) })
      const page = await asking('listing database instances', () => this.rds.send(command, within(CALL_MS)))
      for (const instance of page.DBInstances ?? [])
        if (instance.DBInstanceIdentifier) yield { name: instance.DBInstanceIdentifier, role: roleOf(instance) }
      ;({ Marker } = page)
    } while (Marker)
    yield* this.buckets()
  }

  /** Of this region alone: whoever asks another one is answered with all of them. */
  private async *buckets(): AsyncIterable<DataHolder> {
    let ContinuationToken: string | undefined
    do {
      const command: ListBucketsCommand = new ListBucketsCommand({
        BucketRegion: this.settings.region,
        MaxBuckets: PAGE,
        ...(ContinuationToken && { ContinuationToken }),
      })
      const page = await asking('listing buckets', () => this.settings.s3.send(command, within(CALL_MS)))
      for (const { Name } of page.Buckets ?? []) if (Name) yield { name: Name, role: 'bucket' }
      ;({ ContinuationToken } = page)
    } while (ContinuationToken)
  }

  private async told(point: RecoveryPointByBackupVault): Promise<RecoveryPoint> {
    const { RecoveryPointArn, ResourceArn, CreationDate, CompletionDate, Lifecycle, CalculatedLifecycle } = point
    if (!RecoveryPointArn || !ResourceArn || !CreationDate)
      throw new PortError('conflict', 'RECOVERY_POINT_UNCLEAR', 'AWS Backup said too little about a recovery point')
    return {
      id: RecoveryPointArn,
      resource: nameIn(ResourceArn),
      state: STATES[point.Status ?? 'CREATING'],
      createdAt: CreationDate.toISOString(),
      ...(CompletionDate && { completedAt: CompletionDate.toISOString() }),
      key: point.IsEncrypted === false ? 'nothing' : await this.settings.keys.holderOf(point.EncryptionKeyArn),
      ...(Lifecycle?.DeleteAfterDays !== undefined && { keptDays: Lifecycle.DeleteAfterDays }),
      ...(CalculatedLifecycle?.DeleteAt && { endsAt: CalculatedLifecycle.DeleteAt.toISOString() }),
      ...(Lifecycle?.MoveToColdStorageAfterDays !== undefined && {
        coldAfterDays: Lifecycle.MoveToColdStorageAfterDays,
      }),
      bytes: point.BackupSizeInBytes ?? 0,
    }
  }
}

/** Continuous backups say `AVAILABLE` where snapshots say `COMPLETED`; `STOPPED` is one that nobody continues. */
const STATES: Readonly<Record<RecoveryPointStatus, RecoveryPoint['state']>> = {
  AVAILABLE: 'completed',
  COMPLETED: 'completed',
  CREATING: 'running',
  PARTIAL: 'partial',
  DELETING: 'lost',
  EXPIRED: 'lost',
  STOPPED: 'lost',
}

/** Of `arn:aws:rds:sa-east-1:111122223333:db:name` and of `arn:aws:s3:::name`. */
const nameIn = (arn: string): string => arn.split(':').at(-1) ?? arn

function roleOf(instance: DBInstance): DataHolder['role'] {
  if (isTestCopy(instance)) return 'test-copy'
  return instance.ReadReplicaSourceDBInstanceIdentifier ? 'replica' : 'writer'
}
